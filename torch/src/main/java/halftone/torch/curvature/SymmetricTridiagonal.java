package halftone.torch.curvature;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// A symmetric tridiagonal matrix.
///
/// @param diagonal n numbers
/// @param beside the n − 1 next to it
record SymmetricTridiagonal(double[] diagonal, double[] beside) {
  private static final int MOST_SWEEPS = 60;

  /// Eigenvalues, and the squared first components of unit eigenvectors, by implicit QL steps
  /// (Bowdler, Martin, Reinsch and Wilkinson 1968).
  Spectrum spectrum() {
    int n = diagonal.length;
    double[] d = diagonal.clone();
    double[] e = Arrays.copyOf(beside, n);
    double[] first = new double[n];
    first[0] = 1;
    for (int l = 0; l < n; l++) {
      int sweeps = 0;
      for (int m = small(d, e, l); m != l; m = small(d, e, l)) {
        if (++sweeps > MOST_SWEEPS) {
          throw new ArithmeticException("eigenvalues did not converge");
        }
        step(d, e, first, l, m);
      }
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> d[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Spectrum(
        Arrays.stream(order).mapToDouble(i -> d[i]).toArray(),
        Arrays.stream(order).mapToDouble(i -> first[i] * first[i]).toArray());
  }

  /// The first row from l at which the matrix falls apart.
  private static int small(double[] d, double[] e, int l) {
    int m = l;
    while (m < d.length - 1) {
      double near = Math.abs(d[m]) + Math.abs(d[m + 1]);
      if (Math.abs(e[m]) <= Math.ulp(near)) {
        break;
      }
      m++;
    }
    return m;
  }

  /// One implicit QL step on rows l … m with Wilkinson's shift, by rotations from the end.
  private static void step(double[] d, double[] e, double[] first, int l, int m) {
    double half = (d[l + 1] - d[l]) / (2 * e[l]);
    double g = d[m] - d[l] + e[l] / (half + Math.copySign(Math.hypot(half, 1), half));
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = sine * e[i];
      double b = cosine * e[i];
      double r = Math.hypot(f, g);
      e[i + 1] = r;
      if (r == 0) {
        d[i + 1] -= p;
        e[m] = 0;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * sine + 2 * cosine * b;
      p = sine * r;
      d[i + 1] = g + p;
      g = cosine * r - b;
      double next = first[i + 1];
      first[i + 1] = sine * first[i] + cosine * next;
      first[i] = cosine * first[i] - sine * next;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }
}
