package halftone.evaluation;

import halftone.kernel.SoftmaxKernel;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.Arrays;

/// How a network alone predicts a text.
public final class Losses {
  private Losses() {}

  /// −ln p of each scored token that came, in nats, in text order; for [Perplexity#of].
  ///
  /// @throws ArithmeticException when a logit is NaN or infinite
  public static double[] of(Model model, Arithmetic arithmetic, ScoredText text, Workers workers) {
    Engine engine = new Engine(model, arithmetic, workers);
    double[] losses = new double[text.scored()];
    for (int chunk = 0; chunk < text.chunks(); chunk += Reference.CHUNKS_PER_BATCH) {
      int end = Math.min(text.chunks(), chunk + Reference.CHUNKS_PER_BATCH);
      Activations hidden = engine.embed(Arrays.copyOfRange(text.inputs(), chunk, end));
      for (Stage block : model.blocks()) {
        hidden = engine.run(block, hidden, Tap.NONE);
      }
      int token = chunk * text.scoredPerChunk();
      int vocabulary = Reference.vocabulary(model);
      engine.head(
          hidden,
          Evaluator.scoredRows(hidden, text),
          Tap.NONE,
          (first, count, logits) ->
              workers.forEach(
                  count,
                  i -> {
                    int at = token + first + i;
                    losses[at] = of(logits, i * vocabulary, vocabulary, text.target(at));
                  }));
    }
    return losses;
  }

  /// −ln p of `target` under the logits `logits[at … at + vocabulary − 1]`.
  static double of(float[] logits, int at, int vocabulary, int target) {
    SoftmaxKernel kernel = SoftmaxKernel.fastest();
    float max = kernel.max(logits, at, vocabulary);
    if (!Float.isFinite(max)) {
      throw new ArithmeticException("a logit is " + max + ": the network's weights are damaged");
    }
    return Math.log(kernel.sumExp(logits, at, vocabulary, max))
        - ((double) logits[at + target] - max);
  }
}
