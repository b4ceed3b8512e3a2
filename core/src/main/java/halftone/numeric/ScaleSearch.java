package halftone.numeric;

import java.util.Arrays;

/// The second level: the groups' scales, or mins, become small unsigned codes of one stored 16-bit
/// scale.
final class ScaleSearch {
  private ScaleSearch() {}

  /// ggml's `make_qp_quants`: least squares under weights `w` for x ≥ 0, codes 0 … `maxCode`; nine
  /// trial scales, then up to five sweeps that move single codes. Writes `codes`, returns the
  /// scale.
  static float leastSquares(float[] x, int maxCode, float[] w, byte[] codes) {
    float max = 0;
    for (float v : x) {
      max = Math.max(max, v);
    }
    if (max < ScaleTrials.TINY) {
      Arrays.fill(codes, (byte) 0);
      return 0;
    }
    float inverse = bestInverse(x, maxCode, w, max);
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < x.length; i++) {
      int code = Math.min(maxCode, Bits.nearest(inverse * x[i]));
      codes[i] = (byte) code;
      sumLx += w[i] * x[i] * code;
      sumL2 += w[i] * code * code;
    }
    boolean changed = true;
    for (int sweep = 0; sweep < 5 && changed; sweep++) {
      changed = false;
      for (int i = 0; i < x.length; i++) {
        float otherLx = sumLx - w[i] * x[i] * codes[i];
        float otherL2 = sumL2 - w[i] * codes[i] * codes[i];
        if (!(otherLx > 0 && otherL2 > 0)) {
          continue;
        }
        int code = Math.min(maxCode, Bits.nearest(x[i] * otherL2 / otherLx));
        if (code == codes[i]) {
          continue;
        }
        otherLx += w[i] * x[i] * code;
        otherL2 += w[i] * code * code;
        if (otherLx * otherLx * sumL2 > sumLx * sumLx * otherL2) {
          codes[i] = (byte) code;
          sumLx = otherLx;
          sumL2 = otherL2;
          changed = true;
        }
      }
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  private static float bestInverse(float[] x, int maxCode, float[] w, float max) {
    float inverse = maxCode / max;
    float best = error(x, Integer.MAX_VALUE, w, inverse);
    for (int k = -4; k <= 4; k++) {
      if (k == 0) {
        continue;
      }
      float trial = (0.1f * k + maxCode) / max;
      float error = error(x, maxCode, w, trial);
      if (error < best) {
        best = error;
        inverse = trial;
      }
    }
    return inverse;
  }

  private static float error(float[] x, int maxCode, float[] w, float inverse) {
    float scale = 1 / inverse;
    float sum = 0;
    for (int i = 0; i < x.length; i++) {
      float e = x[i] - scale * Math.min(maxCode, Bits.nearest(inverse * x[i]));
      sum += w[i] * e * e;
    }
    return sum;
  }

  /// Without importance: the largest scale gets code `maxCode`. Writes `codes`, returns the scale
  /// (0 when none is positive).
  static float byLargest(float[] x, int maxCode, byte[] codes) {
    float max = 0;
    for (float v : x) {
      max = Math.max(max, v);
    }
    float inverse = max > 0 ? maxCode / max : 0;
    for (int i = 0; i < x.length; i++) {
      codes[i] = (byte) Math.min(maxCode, Bits.nearest(inverse * x[i]) & 0xff);
    }
    return max / maxCode;
  }
}
