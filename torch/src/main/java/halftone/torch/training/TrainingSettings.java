package halftone.torch.training;

import java.util.Locale;

/// How a network is trained.
///
/// @param steps updates of the weights
/// @param batch rows of a step
/// @param microBatch rows whose gradients are computed together; divides `batch`. Part of the
///   result, since sums of floats depend on their grouping; the number of threads is not
/// @param learningRate highest of the schedule
/// @param warmUp steps in which the rate rises to it
/// @param decay decoupled weight decay of matrices
/// @param seed of the first weights and of the order of the text
public record TrainingSettings(
    NetworkSizes sizes,
    int steps,
    int batch,
    int microBatch,
    double learningRate,
    int warmUp,
    double decay,
    long seed) {
  /// @throws IllegalArgumentException when a number is out of range
  public TrainingSettings {
    if (steps < 1 || batch < 1 || microBatch < 1 || batch % microBatch != 0) {
      throw new IllegalArgumentException(
          "%d steps of %d rows in groups of %d: all must be positive, and groups fill the rows"
              .formatted(steps, batch, microBatch));
    }
    if (!(learningRate > 0) || !(decay >= 0) || warmUp < 0 || warmUp >= steps) {
      throw new IllegalArgumentException(
          "learning rate %s, decay %s, warm-up %d: a positive rate, no negative decay, and fewer steps of warm-up than the %d in all"
              .formatted(learningRate, decay, warmUp, steps));
    }
  }

  /// The learning rate of a step, counted from 0: linear to the peak, then half a cosine down to a
  /// tenth of it (Loshchilov and Hutter, 1608.03983).
  public double learningRate(int step) {
    if (step < warmUp) {
      return learningRate * (step + 1) / warmUp;
    }
    double progress = (step - warmUp) / (double) Math.max(1, steps - 1 - warmUp);
    double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
    return learningRate * (0.1 + 0.9 * cosine);
  }

  /// All of it in one line: two runs with the same line and the same text give the same weights.
  public String line() {
    return String.format(
        Locale.ROOT,
        "width=%d blocks=%d heads=%d kv-heads=%d ffn=%d vocabulary=%d context=%d steps=%d batch=%d micro-batch=%d lr=%s warm-up=%d decay=%s seed=%d",
        sizes.width(),
        sizes.blocks(),
        sizes.heads(),
        sizes.keyValueHeads(),
        sizes.feedForward(),
        sizes.vocabulary(),
        sizes.context(),
        steps,
        batch,
        microBatch,
        learningRate,
        warmUp,
        decay,
        seed);
  }
}
