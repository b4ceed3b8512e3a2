package halftone.quantizer;

import halftone.workers.Workers;

/// The root R = U·D^½ of a factored Gram matrix H = R·Rᵀ: a row e of errors has the length of e·R
/// where its inputs are as H says.
final class GramRoot {
  private final int size;
  private final float[] feedback;
  private final double[] roots;

  GramRoot(LdlFactor factor) {
    this.size = factor.size();
    this.feedback = factor.feedback();
    this.roots = new double[size];
    for (int k = 0; k < size; k++) {
      roots[k] = Math.sqrt(factor.pivot(k));
    }
  }

  /// E·R, rows × size.
  float[] times(float[] errors, int rows, Workers workers) {
    float[] products = new float[errors.length];
    workers.forEach(
        rows,
        row -> {
          int at = row * size;
          double[] sums = new double[size];
          for (int i = 0; i < size; i++) {
            float e = errors[at + i];
            sums[i] += e;
            for (int k = i + 1; k < size; k++) {
              sums[k] += (double) e * feedback[i * size + k];
            }
          }
          for (int k = 0; k < size; k++) {
            products[at + k] = (float) (sums[k] * roots[k]);
          }
        });
    return products;
  }

  /// M·R⁻¹, rows × size.
  float[] over(float[] matrix, int rows) {
    float[] quotient = new float[matrix.length];
    for (int row = 0; row < rows; row++) {
      int at = row * size;
      double[] x = new double[size];
      // x·U = m·D^-½, U unit upper triangular: columns in turn.
      for (int k = 0; k < size; k++) {
        double sum = roots[k] == 0 ? 0 : matrix[at + k] / roots[k];
        for (int i = 0; i < k; i++) {
          sum -= x[i] * feedback[i * size + k];
        }
        x[k] = sum;
        quotient[at + k] = (float) sum;
      }
    }
    return quotient;
  }
}
