package halftone.quantizer;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations, the largest
/// first.
public final class SymmetricEigen {
  private static final int SWEEPS = 60;
  private static final double SMALL = 1e-30;

  private final int size;
  private final double[] values;
  private final double[] vectors;

  private SymmetricEigen(int size, double[] values, double[] vectors) {
    this.size = size;
    this.values = values;
    this.vectors = vectors;
  }

  /// @param matrix size × size, row-major
  public static SymmetricEigen of(double[] matrix, int size) {
    double[] a = matrix.clone();
    double[] v = new double[size * size];
    for (int i = 0; i < size; i++) {
      v[i * size + i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS && offDiagonal(a, size) > SMALL * total(a); sweep++) {
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotate(a, v, size, p, q);
        }
      }
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -a[i * size + i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] values = new double[size];
    double[] vectors = new double[size * size];
    for (int k = 0; k < size; k++) {
      values[k] = a[order[k] * size + order[k]];
      System.arraycopy(v, order[k] * size, vectors, k * size, size);
    }
    return new SymmetricEigen(size, values, vectors);
  }

  private static double offDiagonal(double[] a, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++) {
        sum += a[i * size + j] * a[i * size + j];
      }
    }
    return sum;
  }

  private static double total(double[] a) {
    double sum = 0;
    for (double each : a) {
      sum += each * each;
    }
    return sum;
  }

  /// Makes a\[p\]\[q\] zero. Eigenvectors are kept as rows.
  private static void rotate(double[] a, double[] v, int size, int p, int q) {
    double off = a[p * size + q];
    if (off == 0) {
      return;
    }
    double theta = (a[q * size + q] - a[p * size + p]) / (2 * off);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int k = 0; k < size; k++) {
      double kp = a[k * size + p];
      double kq = a[k * size + q];
      a[k * size + p] = c * kp - s * kq;
      a[k * size + q] = s * kp + c * kq;
    }
    for (int k = 0; k < size; k++) {
      double pk = a[p * size + k];
      double qk = a[q * size + k];
      a[p * size + k] = c * pk - s * qk;
      a[q * size + k] = s * pk + c * qk;
      double vp = v[p * size + k];
      double vq = v[q * size + k];
      v[p * size + k] = c * vp - s * vq;
      v[q * size + k] = s * vp + c * vq;
    }
  }

  public double value(int index) {
    return values[index];
  }

  /// Component `i` of the unit eigenvector of a value.
  public double vector(int index, int i) {
    return vectors[index * size + i];
  }
}
