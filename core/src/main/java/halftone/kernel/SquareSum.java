package halftone.kernel;

/// Σ x² of floats in float64, where each square is exact. Value i belongs to lane i mod 8; lanes
/// are added up by halves, so that the sum is the same with vectors of any width.
final class SquareSum {
  private static final int SUMS = 8;

  private SquareSum() {}

  /// Of the `count` values from `x[at]`.
  static double of(Floats x, int at, int count) {
    int whole = count / SUMS * SUMS;
    double sum =
        RowCode.IS_PRESENT && whole > 0
            ? RowCode.squares(x, at, whole)
            : lanes(x.array(), at, whole);
    for (int i = at + whole; i < at + count; i++) {
      sum += (double) x.array()[i] * x.array()[i];
    }
    return sum;
  }

  /// Without machine code.
  static double lanes(float[] x, int at, int count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int i = at; i < at + count; i += SUMS) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
      s4 += (double) x[i + 4] * x[i + 4];
      s5 += (double) x[i + 5] * x[i + 5];
      s6 += (double) x[i + 6] * x[i + 6];
      s7 += (double) x[i + 7] * x[i + 7];
    }
    return s0 + s4 + (s2 + s6) + (s1 + s5 + (s3 + s7));
  }
}
