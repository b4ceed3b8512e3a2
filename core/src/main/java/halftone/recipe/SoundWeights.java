package halftone.recipe;

import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.Collection;

/// Refuses a network with broken weights before any time is spent on it.
final class SoundWeights {
  /// Weights looked at in one piece of work.
  private static final int WEIGHTS = 1 << 15;

  private SoundWeights() {}

  /// @throws IllegalArgumentException naming tensor, row and column of a NaN or an infinity
  static void require(Collection<Tensor> tensors, Workers workers) {
    for (Tensor tensor : tensors) {
      int rows = Math.toIntExact(tensor.shape().rows());
      int step = Math.max(1, WEIGHTS / Math.max(1, tensor.shape().columns()));
      workers.forEach(
          Math.ceilDiv(rows, step),
          piece -> requireFinite(tensor, piece * step, Math.min(rows - piece * step, step)));
    }
  }

  private static void requireFinite(Tensor tensor, int first, int count) {
    int columns = tensor.shape().columns();
    float[] values = new float[count * columns];
    tensor.rows(first, count, values, 0);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s: the weight at row %d, column %d is %s: the model is damaged; fetch it again"
                .formatted(tensor.name(), first + i / columns, i % columns, values[i]));
      }
    }
  }
}
