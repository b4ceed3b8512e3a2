package halftone.numeric;

/// [SymmetricSearch#leastSquares] for many groups at once, with the same results.
final class SymmetricLanes {
  private static final float MAGIC =
      12582912f; // adding and subtracting 1.5 · 2²³ rounds to an integer, ties to even

  private SymmetricLanes() {}

  /// Fits all groups: sets `scale` and `inverse`, and `base` and `min` to 0. A group that is all
  /// zero gets scale 0; its codes are −limit.
  static void fit(Lanes g, int limit) {
    g.findSignedMax();
    trial(g, limit, limit);
    for (int lane = 0; lane < g.count; lane++) {
      float sumL2 = g.sumL2[lane];
      g.scale[lane] = sumL2 != 0 ? g.sumLx[lane] / sumL2 : 0;
      g.best[lane] = g.scale[lane] * g.sumLx[lane];
      g.inverse[lane] = g.trialInverse[lane];
    }
    for (int k = -9; k <= 9; k++) {
      if (k != 0) {
        trial(g, limit, limit + 0.1f * k);
        accept(g);
      }
    }
    for (int lane = 0; lane < g.count; lane++) {
      boolean zero = Math.abs(g.max[lane]) < SymmetricSearch.TINY;
      g.scale[lane] = zero ? 0 : g.scale[lane];
      g.inverse[lane] = zero ? 0 : g.inverse[lane];
      g.base[lane] = 0;
      g.min[lane] = 0;
    }
  }

  private static void trial(Lanes g, int limit, float extent) {
    for (int lane = 0; lane < g.count; lane++) {
      g.trialInverse[lane] = -extent / g.max[lane];
    }
    g.clearSums();
    for (int i = 0; i < g.n; i++) {
      sum(g.count, -limit, limit - 1, g.x[i], g.w[i], g.trialInverse, g.sumLx, g.sumL2);
    }
  }

  private static void sum(
      int count,
      float minCode,
      float maxCode,
      float[] x,
      float[] w,
      float[] inverse,
      float[] sumLx,
      float[] sumL2) {
    for (int g = 0; g < count; g++) {
      float t = Math.min(Math.max(inverse[g] * x[g], minCode), maxCode);
      float code = (t + MAGIC) - MAGIC;
      sumLx[g] += w[g] * x[g] * code;
      sumL2[g] += w[g] * code * code;
    }
  }

  private static void accept(Lanes g) {
    for (int lane = 0; lane < g.count; lane++) {
      float sumLx = g.sumLx[lane];
      float sumL2 = g.sumL2[lane];
      if (sumL2 > 0 && sumLx * sumLx > g.best[lane] * sumL2) {
        g.inverse[lane] = g.trialInverse[lane];
        g.scale[lane] = sumLx / sumL2;
        g.best[lane] = g.scale[lane] * sumLx;
      }
    }
  }
}
