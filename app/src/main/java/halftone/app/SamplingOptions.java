package halftone.app;

import halftone.runtime.Sampling;
import picocli.CommandLine.Option;

/// The options that say how a token is chosen, applied in this order but for the temperature, which
/// comes last; defaults are llama.cpp's.
final class SamplingOptions {
  @Option(
      names = "--temp",
      paramLabel = "T",
      description =
          "Temperature; 0 takes the likeliest token each time; ${DEFAULT-VALUE} by default.")
  private float temperature = Sampling.DEFAULT.temperature();

  @Option(
      names = "--repeat-penalty",
      paramLabel = "X",
      description =
          "Divides positive logits of tokens seen lately, multiplies negative ones; ${DEFAULT-VALUE} by default: none.")
  private float repeatPenalty = Sampling.DEFAULT.repeatPenalty();

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      description = "How many tokens back that looks; ${DEFAULT-VALUE} by default.")
  private int repeatLast = Sampling.DEFAULT.repeatLast();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keep the K likeliest tokens, 0 for all; ${DEFAULT-VALUE} by default.")
  private int topK = Sampling.DEFAULT.topK();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Keep the fewest likeliest tokens with this probability together, 1 for all; ${DEFAULT-VALUE} by default.")
  private float topP = Sampling.DEFAULT.topP();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description =
          "Keep tokens at least this times as likely as the likeliest; ${DEFAULT-VALUE} by default.")
  private float minP = Sampling.DEFAULT.minP();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Where the draws start: same seed, same text; ${DEFAULT-VALUE} by default.")
  private long seed = Sampling.DEFAULT.seed();

  /// @throws IllegalArgumentException when a number makes no sense
  Sampling sampling() {
    return new Sampling(temperature, topK, topP, minP, repeatPenalty, repeatLast, seed);
  }
}
