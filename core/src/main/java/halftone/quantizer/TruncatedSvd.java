package halftone.quantizer;

import halftone.kernel.VectorKernels;
import halftone.workers.Workers;
import java.util.Random;

/// The largest singular values of a matrix and their vectors, by a randomized range finder (Halko,
/// Martinsson and Tropp 2011): a random block, multiplied by E·Eᵀ some times and orthonormalized,
/// then the small problem exactly.
///
/// @param left U·Σ^½, rows × rank, row-major
/// @param right Σ^½·Vᵀ, rank × columns, row-major
record TruncatedSvd(double[] singularValues, float[] left, float[] right) {
  private static final int OVERSAMPLING = 8;

  /// @param powerIterations two are usual; more where the spectrum is flat and exactness matters
  static TruncatedSvd of(
      float[] matrix, int rows, int columns, int rank, int powerIterations, Workers workers) {
    int block = Math.min(rank + OVERSAMPLING, Math.min(rows, columns));
    float[] probe = new float[block * columns];
    Random random = new Random(0);
    for (int i = 0; i < probe.length; i++) {
      probe[i] = (float) random.nextGaussian();
    }
    // Bases are kept as rows: block × rows and block × columns.
    float[] range = VectorKernels.multiplyTransposed(probe, matrix, block, rows, columns, workers);
    orthonormalize(range, block, rows);
    for (int pass = 0; pass < powerIterations; pass++) {
      float[] back = VectorKernels.multiply(range, matrix, block, columns, rows, workers);
      orthonormalize(back, block, columns);
      range = VectorKernels.multiplyTransposed(back, matrix, block, rows, columns, workers);
      orthonormalize(range, block, rows);
    }
    float[] small = VectorKernels.multiply(range, matrix, block, columns, rows, workers);
    return finish(range, small, block, rows, columns, Math.min(rank, block));
  }

  /// From E ≈ Qᵀ·B, Q and B in rows: eigenvectors of B·Bᵀ turn both into singular vectors.
  private static TruncatedSvd finish(
      float[] range, float[] small, int block, int rows, int columns, int rank) {
    double[] products = new double[block * block];
    for (int i = 0; i < block; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < columns; k++) {
          sum += (double) small[i * columns + k] * small[j * columns + k];
        }
        products[i * block + j] = sum;
        products[j * block + i] = sum;
      }
    }
    SymmetricEigen eigen = SymmetricEigen.of(products, block);
    double[] values = new double[rank];
    float[] left = new float[rows * rank];
    float[] right = new float[rank * columns];
    for (int k = 0; k < rank; k++) {
      double sigma = Math.sqrt(Math.max(0, eigen.value(k)));
      values[k] = sigma;
      double root = Math.sqrt(sigma);
      double inverse = root == 0 ? 0 : 1 / root;
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int i = 0; i < block; i++) {
          sum += eigen.vector(k, i) * range[i * rows + r];
        }
        left[r * rank + k] = (float) (root * sum);
      }
      for (int c = 0; c < columns; c++) {
        double sum = 0;
        for (int i = 0; i < block; i++) {
          sum += eigen.vector(k, i) * small[i * columns + c];
        }
        right[k * columns + c] = (float) (inverse * sum);
      }
    }
    return new TruncatedSvd(values, left, right);
  }

  /// Gram–Schmidt, twice; a row that vanishes stays zero.
  private static void orthonormalize(float[] rowsOfBasis, int count, int length) {
    double[] row = new double[length];
    for (int i = 0; i < count; i++) {
      double before = 0;
      for (int k = 0; k < length; k++) {
        row[k] = rowsOfBasis[i * length + k];
        before += row[k] * row[k];
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double dot = 0;
          for (int k = 0; k < length; k++) {
            dot += row[k] * rowsOfBasis[j * length + k];
          }
          for (int k = 0; k < length; k++) {
            row[k] -= dot * rowsOfBasis[j * length + k];
          }
        }
      }
      double squares = 0;
      for (double value : row) {
        squares += value * value;
      }
      double scale = squares <= 1e-20 * before || squares == 0 ? 0 : 1 / Math.sqrt(squares);
      for (int k = 0; k < length; k++) {
        rowsOfBasis[i * length + k] = (float) (row[k] * scale);
      }
    }
  }
}
