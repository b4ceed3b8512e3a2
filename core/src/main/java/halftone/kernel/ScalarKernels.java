package halftone.kernel;

/// The products as plain loops: the meaning of [VectorKernels], bit for bit. Matrices are
/// row-major.
public final class ScalarKernels {
  /// Terms that are summed from zero before the sum joins the result.
  public static final int CHUNK = 256;

  private ScalarKernels() {}

  /// C\[m×n\] = A\[m×k\] · B\[n×k\]ᵀ.
  public static float[] multiplyTransposed(float[] a, float[] b, int m, int n, int k) {
    float[] c = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        c[i * n + j] = dot(a, i * k, 1, b, j * k, 1, k);
      }
    }
    return c;
  }

  /// C\[m×n\] = A\[m×k\] · B\[k×n\].
  public static float[] multiply(float[] a, float[] b, int m, int n, int k) {
    float[] c = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        c[i * n + j] = dot(a, i * k, 1, b, j, n, k);
      }
    }
    return c;
  }

  /// C\[p×q\] += X\[t×p\]ᵀ · Y\[t×q\]; chunks are summed in float32 and added in float64.
  public static void cross(float[] x, float[] y, int t, int p, int q, double[] c) {
    for (int from = 0; from < t; from += CHUNK) {
      int count = Math.min(CHUNK, t - from);
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < q; j++) {
          c[i * q + j] += chunk(x, from * p + i, p, y, from * q + j, q, count);
        }
      }
    }
  }

  /// Σ a·b over `count` terms `stride` apart.
  static float dot(float[] a, int atA, int strideA, float[] b, int atB, int strideB, int count) {
    float sum = 0;
    for (int from = 0; from < count; from += CHUNK) {
      int terms = Math.min(CHUNK, count - from);
      sum += chunk(a, atA + from * strideA, strideA, b, atB + from * strideB, strideB, terms);
    }
    return sum;
  }

  private static float chunk(
      float[] a, int atA, int strideA, float[] b, int atB, int strideB, int count) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      sum = Math.fma(a[atA + i * strideA], b[atB + i * strideB], sum);
    }
    return sum;
  }
}
