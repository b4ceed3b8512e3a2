package halftone.evaluation;

import halftone.kernel.SoftmaxKernel;
import halftone.model.Model;
import halftone.runtime.Arithmetic;
import halftone.workers.Workers;

/// How a network alone predicts a text.
public final class Losses {
  private Losses() {}

  /// −ln p of each scored token that came, in nats, in text order; for [Perplexity#of].
  ///
  /// @throws ArithmeticException when a logit is NaN or infinite
  public static double[] of(Model model, Arithmetic arithmetic, ScoredText text, Workers workers) {
    int vocabulary = LogitsRun.vocabulary(model);
    double[] losses = new double[text.scored()];
    LogitsRun.run(
        model,
        arithmetic,
        text,
        workers,
        (first, count, logits) ->
            workers.forEach(
                count,
                i ->
                    losses[first + i] =
                        of(logits, i * vocabulary, vocabulary, text.target(first + i))));
    return losses;
  }

  /// −ln p of `target` under the logits `logits[at … at + vocabulary − 1]`.
  ///
  /// @throws ArithmeticException when a logit is NaN or infinite
  public static double of(float[] logits, int at, int vocabulary, int target) {
    SoftmaxKernel kernel = SoftmaxKernel.fastest();
    float max = kernel.max(logits, at, vocabulary);
    if (!Float.isFinite(max)) {
      throw new ArithmeticException("a logit is " + max + ": the network's weights are damaged");
    }
    return max + Math.log(kernel.sumExp(logits, at, vocabulary, max)) - logits[at + target];
  }
}
