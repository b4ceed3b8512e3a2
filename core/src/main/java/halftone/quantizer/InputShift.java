package halftone.quantizer;

import halftone.kernel.ErrorFeedback;
import halftone.workers.Workers;

/// The correction for shifted inputs: behind quantized blocks a layer sees inputs X̂ instead of X,
/// so its weight W is aimed part of the way at the least-squares solution of V·X̂ ≈ W·X, which is V
/// = W + W·(X − X̂)·X̂ᵀ·H⁻¹ with H = X̂·X̂ᵀ (damped). Half of the way is the default: the
/// calibration text is not the user's.
public final class InputShift {
  private InputShift() {}

  /// The matrix `share · (X − X̂)·X̂ᵀ·H⁻¹`, n × n, row-major.
  ///
  /// @param cross X·X̂ᵀ, n × n, row-major
  /// @param gram X̂·X̂ᵀ, n × n, row-major
  /// @param factor of the damped gram
  public static float[] of(
      float[] cross, float[] gram, LdlFactor factor, double share, Workers workers) {
    int n = factor.size();
    float[] shift = new float[n * n];
    float[] mirrored = factor.mirroredFeedback();
    int panels = Math.ceilDiv(n, ErrorFeedback.ROWS);
    workers.forEach(
        panels,
        p -> {
          int first = p * ErrorFeedback.ROWS;
          int count = Math.min(ErrorFeedback.ROWS, n - first);
          float[] panel = new float[n * ErrorFeedback.ROWS];
          for (int row = 0; row < count; row++) {
            int at = (first + row) * n;
            for (int k = 0; k < n; k++) {
              panel[k * ErrorFeedback.ROWS + row] =
                  (float) (share * (cross[at + k] - gram[at + k]));
            }
          }
          factor.solve(panel, mirrored);
          for (int row = 0; row < count; row++) {
            for (int k = 0; k < n; k++) {
              shift[(first + row) * n + k] = panel[k * ErrorFeedback.ROWS + row];
            }
          }
        });
    return shift;
  }

  /// Adds w·shift to each of the weight's rows in a panel: column k of the rows at k · ROWS in both
  /// arrays.
  static void aim(float[] targets, float[] weight, float[] shift, int n) {
    ErrorFeedback.add(weight, targets, shift, n, 0, n, 0, n);
  }
}
