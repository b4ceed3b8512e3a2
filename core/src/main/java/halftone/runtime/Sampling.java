package halftone.runtime;

/// How the next token is chosen, in the order of llama.cpp's default chain: repetition penalty,
/// top-k, top-p, min-p, temperature, then a draw.
///
/// @param temperature logits are divided by it before the draw; 0 takes the likeliest token, the
///   lowest id of several equal ones
/// @param topK keeps so many of the likeliest tokens; 0 keeps all
/// @param topP keeps the fewest likeliest tokens whose probabilities, at temperature 1, reach this
///   sum; 1 keeps all (Holtzman et al. 2020)
/// @param minP keeps tokens at least this times as likely as the likeliest, at temperature 1; 0
///   keeps all (Nguyen et al. 2024)
/// @param repeatPenalty logits of tokens seen lately are divided by it when positive, else
///   multiplied; 1 changes nothing (Keskar et al. 2019)
/// @param repeatLast how many tokens back count as lately; 0 for none
/// @param seed what the draws start from: same seed, same text
public record Sampling(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repeatPenalty,
    int repeatLast,
    long seed) {
  /// llama.cpp's defaults, from seed 0.
  public static final Sampling DEFAULT = new Sampling(0.8f, 40, 0.95f, 0.05f, 1, 64, 0);

  /// Always the likeliest token.
  public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 1, 0, 0);

  public Sampling {
    require(temperature >= 0 && temperature < Float.POSITIVE_INFINITY, "temperature", temperature);
    require(topK >= 0, "top-k", topK);
    require(topP > 0 && topP <= 1, "top-p", topP);
    require(minP >= 0 && minP <= 1, "min-p", minP);
    require(
        repeatPenalty > 0 && repeatPenalty < Float.POSITIVE_INFINITY,
        "repetition penalty",
        repeatPenalty);
    require(repeatLast >= 0, "repetition window", repeatLast);
  }

  private static void require(boolean sensible, String name, Number value) {
    if (!sensible) {
      throw new IllegalArgumentException(
          ("a %s of %s; temperature, top-k and the repetition window are 0 or more, top-p is above 0"
                  + " and at most 1, min-p from 0 to 1, the repetition penalty positive")
              .formatted(name, value));
    }
  }

  /// The full distribution of the network, at temperature 1.
  public static Sampling plain(long seed) {
    return new Sampling(1, 0, 1, 0, 1, 0, seed);
  }
}
