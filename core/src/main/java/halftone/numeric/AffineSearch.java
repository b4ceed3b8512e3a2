package halftone.numeric;

import java.util.Arrays;

/// ggml's `make_qkx2_quants` and `make_qkx3_quants`: scale and min of a group, x ≈ scale · code + min, min ≤ 0, by a
/// least-squares refit for each of `steps + 1` trial scales. An accepted min changes the trials after it.
///
/// @param maxCode codes run from 0 to this
/// @param first added to `maxCode` in the first trial
/// @param delta added in every further one
/// @param steps trials after the first
/// @param absolute compare Σ w·|e| instead of Σ w·e²
record AffineSearch(int maxCode, float first, float delta, int steps, boolean absolute) {
  /// Fits `n` weights from `b.x[at]` under the weights `b.w`: writes codes, sets `b.min`, returns the scale.
  float fit(Block b, int at, int n) {
    float[] x = b.x;
    float[] w = b.w;
    float min = x[at];
    float max = x[at];
    float sumW = w[at];
    float sumX = sumW * x[at];
    for (int i = at + 1; i < at + n; i++) {
      min = Math.min(min, x[i]);
      max = Math.max(max, x[i]);
      sumW += w[i];
      sumX += w[i] * x[i];
    }
    min = Math.min(min, 0);
    if (max <= min) {
      Arrays.fill(b.codes, at, at + n, (byte) 0);
      b.min = min;
      return 0;
    }
    float inverse = maxCode / (max - min);
    float scale = 1 / inverse;
    round(x, at, n, inverse, min, b.codes);
    float best = error(x, w, b.codes, at, n, scale, min);
    for (int k = 0; k <= steps; k++) {
      inverse = (first + delta * k + maxCode) / (max - min);
      float sumL = 0;
      float sumL2 = 0;
      float sumLx = 0;
      for (int i = at; i < at + n; i++) {
        int code = Bits.clamp(Bits.nearest(inverse * (x[i] - min)), 0, maxCode);
        b.trial[i] = (byte) code;
        sumL += w[i] * code;
        sumL2 += w[i] * code * code;
        sumLx += w[i] * code * x[i];
      }
      float determinant = sumW * sumL2 - sumL * sumL;
      if (!(determinant > 0)) {
        continue;
      }
      float trialScale = (sumW * sumLx - sumX * sumL) / determinant;
      float trialMin = (sumL2 * sumX - sumL * sumLx) / determinant;
      if (trialMin > 0) {
        trialMin = 0;
        trialScale = sumLx / sumL2;
      }
      float error = error(x, w, b.trial, at, n, trialScale, trialMin);
      if (error < best) {
        System.arraycopy(b.trial, at, b.codes, at, n);
        best = error;
        scale = trialScale;
        min = trialMin;
      }
    }
    b.min = min;
    return scale;
  }

  private void round(float[] x, int at, int n, float inverse, float min, byte[] codes) {
    for (int i = at; i < at + n; i++) {
      codes[i] = (byte) Bits.clamp(Bits.nearest(inverse * (x[i] - min)), 0, maxCode);
    }
  }

  private float error(
      float[] x, float[] w, byte[] codes, int at, int n, float scale, float min) {
    float sum = 0;
    if (absolute) {
      for (int i = at; i < at + n; i++) {
        sum += w[i] * Math.abs(scale * codes[i] + min - x[i]);
      }
      return sum;
    }
    for (int i = at; i < at + n; i++) {
      float e = scale * codes[i] + min - x[i];
      sum += w[i] * (e * e);
    }
    return sum;
  }
}
