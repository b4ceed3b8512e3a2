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
public record AffineSearch(int maxCode, float first, float delta, int steps, boolean absolute) {

  /// Fits all groups: sets `scale`, `min`, `inverse` and `base`.
  void fit(Lanes g) {
    start(g);
    ScaleTrials.fastest().affine(this, g);
  }

  /// What the largest weight of a group is scaled to in a trial.
  public float extent(int trial) {
    return first + delta * trial + maxCode;
  }

  void start(Lanes g) {
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
    PlainTrials.measure(g, absolute, g.scale, g.min);
    for (int lane = 0; lane < g.count; lane++) { // a flat group accepts no trial
      g.best[lane] = g.inverse[lane] == 0 ? -1 : g.error[lane];
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
      code[g] = (t + Bits.MAGIC) - Bits.MAGIC;
    }
  }
}
