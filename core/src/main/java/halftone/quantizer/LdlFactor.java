package halftone.quantizer;

import halftone.kernel.ErrorFeedback;
import halftone.workers.Workers;
import java.util.Arrays;

/// The factorization H = U·D·Uᵀ of a symmetric positive definite matrix, U unit upper triangular, D
/// diagonal.
///
/// It turns the loss of a rounding error e (one row, e = w − ŵ) into independent terms: `e H eᵀ =
/// Σ_k D_k · (e_k + Σ_{i<k} e_i U_ik)²`, so the column to round next should aim at `w_k + Σ_{i<k}
/// e_i U_ik`. That is GPTQ's update without an inverse (QuIP, arXiv 2307.13304, theorem 6): U is
/// the inverse of the paper's upper Cholesky factor of H⁻¹, rows scaled to a unit diagonal.
///
/// Doubles and element-wise updates only, so the result depends neither on threads nor on the
/// vector width.
public final class LdlFactor {
  private static final int PANEL = 32;

  private final int size;
  private final float[] feedback;
  private final double[] pivots;

  private LdlFactor(int size, float[] feedback, double[] pivots) {
    this.size = size;
    this.feedback = feedback;
    this.pivots = pivots;
  }

  /// Factors `gram` (size × size, row-major) after adding `damping` times the mean of its diagonal
  /// to the diagonal. A column that never saw an input (diagonal 0) counts as having a diagonal of
  /// one: its error costs, but moves nothing.
  ///
  /// @throws NotPositiveDefiniteException when a pivot is not positive
  public static LdlFactor of(float[] gram, int size, double damping, Workers workers) {
    double[] reversed = reversed(gram, size, damping);
    for (int from = 0; from < size; from += PANEL) {
      int to = Math.min(from + PANEL, size);
      factorPanel(reversed, size, from, to);
      int first = from;
      workers.forEach(
          Math.ceilDiv(size - to, PANEL),
          piece -> {
            int top = to + piece * PANEL;
            updateTrailing(reversed, size, first, to, top, Math.min(top + PANEL, size));
          });
    }
    return fromReversed(reversed, size);
  }

  public int size() {
    return size;
  }

  /// U without its diagonal, row-major: element (i, k) for i < k at i · size + k, zero elsewhere.
  public float[] feedback() {
    return feedback;
  }

  /// D: what a unit of error costs in each column once all later columns make up for it.
  public double pivot(int column) {
    return pivots[column];
  }

  /// H itself, damped, size × size, row-major.
  public float[] product() {
    double[] product = new double[size * size];
    for (int k = 0; k < size; k++) {
      for (int i = 0; i <= k; i++) {
        double left = (i == k ? 1 : feedback[i * size + k]) * pivots[k];
        for (int j = 0; j <= k; j++) {
          product[i * size + j] += left * (j == k ? 1 : feedback[j * size + k]);
        }
      }
    }
    float[] floats = new float[product.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) product[i];
    }
    return floats;
  }

  /// Solves x·H = b for a panel of [ErrorFeedback#ROWS] right-hand sides at once, in place; column
  /// k of all of them stands at k · ROWS. One call reads both triangles, so a caller with many
  /// panels runs them in parallel.
  ///
  /// @param mirrored [#mirroredFeedback], shared by all calls
  public void solve(float[] panel, float[] mirrored) {
    // x·U·D·Uᵀ = b: z·Uᵀ = b from the last column to the first, y = z/D, then x·U = y from the
    // first to the last.
    reverseColumns(panel);
    substitute(panel, mirrored);
    reverseColumns(panel);
    for (int k = 0; k < size; k++) {
      float inverse = (float) (1 / pivots[k]);
      for (int row = 0; row < ErrorFeedback.ROWS; row++) {
        panel[k * ErrorFeedback.ROWS + row] *= inverse;
      }
    }
    substitute(panel, feedback);
  }

  /// Uᵀ with both indices reversed: upper triangular again, element (i, k) is U(size − 1 − k, size
  /// − 1 − i).
  public float[] mirroredFeedback() {
    float[] mirrored = new float[size * size];
    for (int i = 0; i < size; i++) {
      for (int k = i + 1; k < size; k++) {
        mirrored[i * size + k] = feedback[(size - 1 - k) * size + size - 1 - i];
      }
    }
    return mirrored;
  }

  private void substitute(float[] panel, float[] triangle) {
    float[] negated = new float[panel.length];
    for (int from = 0; from < size; from += PANEL) {
      int to = Math.min(from + PANEL, size);
      ErrorFeedback.add(negated, panel, triangle, size, 0, from, from, to);
      for (int k = from; k < to; k++) {
        for (int row = 0; row < ErrorFeedback.ROWS; row++) {
          negated[k * ErrorFeedback.ROWS + row] = -panel[k * ErrorFeedback.ROWS + row];
        }
        ErrorFeedback.add(negated, panel, triangle, size, k, k + 1, k + 1, to);
      }
    }
  }

  private void reverseColumns(float[] panel) {
    for (int k = 0; k < size / 2; k++) {
      for (int row = 0; row < ErrorFeedback.ROWS; row++) {
        int low = k * ErrorFeedback.ROWS + row;
        int high = (size - 1 - k) * ErrorFeedback.ROWS + row;
        float kept = panel[low];
        panel[low] = panel[high];
        panel[high] = kept;
      }
    }
  }

  /// The damped matrix with rows and columns in reverse order: its ordinary RᵀDR factorization,
  /// row-oriented and so kind to the cache, is ours read backwards.
  private static double[] reversed(float[] gram, int size, double damping) {
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += gram[i * size + i];
    }
    double ridge = damping * trace / size;
    double[] matrix = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[(size - 1 - i) * size + size - 1 - j] = gram[i * size + j];
      }
    }
    for (int i = 0; i < size; i++) {
      int diagonal = i * size + i;
      matrix[diagonal] = matrix[diagonal] == 0 ? 1 : matrix[diagonal] + ridge;
    }
    return matrix;
  }

  /// Turns rows `from … to` of the upper triangle into rows of R (unit diagonal implied, D on the
  /// diagonal).
  private static void factorPanel(double[] matrix, int size, int from, int to) {
    for (int k = from; k < to; k++) {
      double pivot = matrix[k * size + k];
      if (!(pivot > 0) || pivot == Double.POSITIVE_INFINITY) {
        throw new NotPositiveDefiniteException(size - 1 - k, pivot);
      }
      for (int i = k + 1; i < to; i++) {
        subtractScaled(matrix, k * size, i * size, i, size, matrix[k * size + i] / pivot);
      }
      for (int j = k + 1; j < size; j++) {
        matrix[k * size + j] /= pivot;
      }
    }
  }

  /// Takes the panel `from … to` out of rows `top … bottom` below it.
  private static void updateTrailing(
      double[] matrix, int size, int from, int to, int top, int bottom) {
    for (int i = top; i < bottom; i++) {
      for (int k = from; k < to; k++) {
        double factor = matrix[k * size + i] * matrix[k * size + k];
        subtractScaled(matrix, k * size, i * size, i, size, factor);
      }
    }
  }

  private static void subtractScaled(
      double[] matrix, int source, int target, int fromColumn, int toColumn, double factor) {
    for (int j = fromColumn; j < toColumn; j++) {
      matrix[target + j] -= factor * matrix[source + j];
    }
  }

  private static LdlFactor fromReversed(double[] matrix, int size) {
    float[] feedback = new float[size * size];
    double[] pivots = new double[size];
    for (int i = 0; i < size; i++) {
      int mirrored = size - 1 - i;
      pivots[i] = matrix[mirrored * size + mirrored];
      for (int k = i + 1; k < size; k++) {
        feedback[i * size + k] = (float) matrix[(size - 1 - k) * size + mirrored];
      }
    }
    return new LdlFactor(size, feedback, pivots);
  }

  @Override
  public String toString() {
    return "LdlFactor[size=%d, pivots=%s]"
        .formatted(size, Arrays.stream(pivots).summaryStatistics());
  }
}
