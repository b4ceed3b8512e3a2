package halftone.numeric;

import java.util.Arrays;

/// ggml's `make_qkx2_quants` and `make_qkx3_quants`: scale and min of each group, x ≈ scale · code
/// + min, min ≤ 0, by a least-squares refit for each of `steps + 1` trial scales. An accepted min
///   changes the trials after it.
///
/// @param maxCode codes run from 0 to this
/// @param first added to `maxCode` in the first trial
/// @param delta added in every further one
/// @param steps trials after the first
/// @param absolute compare Σ w·|e| instead of Σ w·e²
record AffineSearch(int maxCode, float first, float delta, int steps, boolean absolute) {
  private static final float MAGIC =
      12582912f; // adding and subtracting 1.5 · 2²³ rounds to an integer, ties to even

  /// Fits all groups: sets `scale`, `min`, `inverse` and `base`.
  void fit(Lanes g) {
    start(g);
    for (int k = 0; k <= steps; k++) {
      float extent = first + delta * k + maxCode;
      for (int lane = 0; lane < g.count; lane++) {
        g.trialInverse[lane] = extent / (g.max[lane] - g.min[lane]);
      }
      g.clearSums();
      for (int i = 0; i < g.n; i++) {
        roundAndSum(
            g.count,
            maxCode,
            g.x[i],
            g.w[i],
            g.trialInverse,
            g.min,
            g.code[i],
            g.sumL,
            g.sumL2,
            g.sumLx);
      }
      refit(g);
      measure(g, g.trialScale, g.trialMin);
      accept(g);
    }
  }

  private void start(Lanes g) {
    Arrays.fill(g.sumW, 0);
    Arrays.fill(g.sumX, 0);
    System.arraycopy(g.x[0], 0, g.max, 0, g.count);
    Arrays.fill(g.min, 0);
    for (int i = 0; i < g.n; i++) {
      extent(g.count, g.x[i], g.w[i], g.min, g.max, g.sumW, g.sumX);
    }
    for (int lane = 0; lane < g.count; lane++) {
      boolean flat = g.max[lane] <= g.min[lane];
      g.inverse[lane] = flat ? 0 : maxCode / (g.max[lane] - g.min[lane]);
      g.scale[lane] = flat ? 0 : 1 / g.inverse[lane];
      g.base[lane] = g.min[lane];
    }
    for (int i = 0; i < g.n; i++) {
      round(g.count, maxCode, g.x[i], g.inverse, g.min, g.code[i]);
    }
    measure(g, g.scale, g.min);
    for (int lane = 0; lane < g.count; lane++) { // a flat group accepts no trial
      g.best[lane] = g.inverse[lane] == 0 ? -1 : g.error[lane];
    }
  }

  /// Least-squares scale and min for the codes on trial; a group without a solution gets NaN, which
  /// loses.
  private static void refit(Lanes g) {
    for (int lane = 0; lane < g.count; lane++) {
      float sumW = g.sumW[lane];
      float sumX = g.sumX[lane];
      float sumL = g.sumL[lane];
      float sumL2 = g.sumL2[lane];
      float sumLx = g.sumLx[lane];
      float determinant = sumW * sumL2 - sumL * sumL;
      float scale = (sumW * sumLx - sumX * sumL) / determinant;
      float min = (sumL2 * sumX - sumL * sumLx) / determinant;
      if (min > 0) {
        min = 0;
        scale = sumLx / sumL2;
      }
      g.trialScale[lane] = determinant > 0 ? scale : Float.NaN;
      g.trialMin[lane] = min;
    }
  }

  private void measure(Lanes g, float[] scale, float[] min) {
    Arrays.fill(g.error, 0);
    for (int i = 0; i < g.n; i++) {
      if (absolute) {
        addMagnitudes(g.count, g.x[i], g.w[i], g.code[i], scale, min, g.error);
      } else {
        addSquares(g.count, g.x[i], g.w[i], g.code[i], scale, min, g.error);
      }
    }
  }

  private static void accept(Lanes g) {
    for (int lane = 0; lane < g.count; lane++) {
      if (g.error[lane] < g.best[lane]) {
        g.best[lane] = g.error[lane];
        g.inverse[lane] = g.trialInverse[lane];
        g.base[lane] = g.min[lane];
        g.scale[lane] = g.trialScale[lane];
        g.min[lane] = g.trialMin[lane];
      }
    }
  }

  private static void extent(
      int count, float[] x, float[] w, float[] min, float[] max, float[] sumW, float[] sumX) {
    for (int g = 0; g < count; g++) {
      min[g] = Math.min(min[g], x[g]);
      max[g] = Math.max(max[g], x[g]);
      sumW[g] += w[g];
      sumX[g] += w[g] * x[g];
    }
  }

  private static void round(
      int count, float maxCode, float[] x, float[] inverse, float[] min, float[] code) {
    for (int g = 0; g < count; g++) {
      float t = Math.min(Math.max(inverse[g] * (x[g] - min[g]), 0f), maxCode);
      code[g] = (t + MAGIC) - MAGIC;
    }
  }

  private static void roundAndSum(
      int count,
      float maxCode,
      float[] x,
      float[] w,
      float[] inverse,
      float[] min,
      float[] code,
      float[] sumL,
      float[] sumL2,
      float[] sumLx) {
    for (int g = 0; g < count; g++) {
      float t = Math.min(Math.max(inverse[g] * (x[g] - min[g]), 0f), maxCode);
      float nearest = (t + MAGIC) - MAGIC;
      float wl = w[g] * nearest;
      code[g] = nearest;
      sumL[g] += wl;
      sumL2[g] += wl * nearest;
      sumLx[g] += wl * x[g];
    }
  }

  private static void addSquares(
      int count, float[] x, float[] w, float[] code, float[] scale, float[] min, float[] error) {
    for (int g = 0; g < count; g++) {
      float e = scale[g] * code[g] + min[g] - x[g];
      error[g] += w[g] * (e * e);
    }
  }

  private static void addMagnitudes(
      int count, float[] x, float[] w, float[] code, float[] scale, float[] min, float[] error) {
    for (int g = 0; g < count; g++) {
      error[g] += w[g] * Math.abs(scale[g] * code[g] + min[g] - x[g]);
    }
  }
}
