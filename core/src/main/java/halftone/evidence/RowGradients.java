package halftone.evidence;

import halftone.tensor.Weight;
import halftone.workers.Workers;

/// Gradients g_n of some rows of a weight, one for each calibration sample n: those of the mean
/// over the sample's labelled tokens of −log p(next token), in nats.
///
/// @param samples number of samples
/// @param rows rows of the weight that were gathered
/// @param values samples · rows rows of as many columns as the weight has, sample after sample
public record RowGradients(int samples, int rows, Weight values) {
  public RowGradients {
    if (values.shape().rows() != (long) samples * rows) {
      throw new IllegalArgumentException(
          "gradients of %d samples on %d rows are not %s".formatted(samples, rows, values.shape()));
    }
  }

  /// What errors of the rows are estimated to change the loss by, row by row: Σ_n |d + ½ d²| over
  /// the samples, d = ⟨g_n, e⟩ (MixLLM, arXiv 2412.14590).
  ///
  /// @param errors rows × columns, row-major
  /// @param firstOrder whether d itself counts; without, Σ_n ½ d²
  /// @param diagonal whether the second term is ½ Σ_j (g_j e_j)² instead of ½ d²
  public double[] changes(float[] errors, boolean firstOrder, boolean diagonal, Workers workers) {
    int columns = values.shape().columns();
    if (errors.length != rows * columns) {
      throw new IllegalArgumentException(
          "errors of %d weights for gradients of %d rows of %d"
              .formatted(errors.length, rows, columns));
    }
    double[] changes = new double[rows];
    workers.forEach(
        rows,
        row -> {
          float[] gradient = new float[columns];
          for (int sample = 0; sample < samples; sample++) {
            values.rows((long) sample * rows + row, 1, gradient, 0);
            changes[row] += change(errors, row * columns, gradient, firstOrder, diagonal);
          }
        });
    return changes;
  }

  private static double change(
      float[] errors, int at, float[] gradient, boolean firstOrder, boolean diagonal) {
    double d = 0;
    double squares = 0;
    for (int j = 0; j < gradient.length; j++) {
      double term = (double) gradient[j] * errors[at + j];
      d += term;
      squares += term * term;
    }
    double second = diagonal ? squares / 2 : d * d / 2;
    return Math.abs((firstOrder ? d : 0) + second);
  }

  /// Σ_n g_n² of every weight, row-major: the empirical Fisher information's diagonal.
  public float[] squares(Workers workers) {
    int columns = values.shape().columns();
    float[] squares = new float[rows * columns];
    workers.forEach(
        rows,
        row -> {
          float[] g = new float[columns];
          for (int sample = 0; sample < samples; sample++) {
            values.rows((long) sample * rows + row, 1, g, 0);
            for (int j = 0; j < columns; j++) {
              squares[row * columns + j] += g[j] * g[j];
            }
          }
        });
    return squares;
  }
}
