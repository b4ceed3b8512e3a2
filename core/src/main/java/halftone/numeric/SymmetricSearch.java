package halftone.numeric;

import java.util.Arrays;

/// Scale searches for grids without offset: x ≈ scale · code, −limit ≤ code < limit. Sums run in
/// index order, in float32, as ggml's do, so that bytes agree.
final class SymmetricSearch {
  private SymmetricSearch() {}

  /// ggml's `make_qx_quants`: nineteen scales around −limit / signed max, each followed by a
  /// least-squares refit; the one that explains most of Σ w·x² wins. Writes `n` codes from
  /// `codes[at]` and returns the scale.
  static float leastSquares(float[] x, int at, int n, int limit, float[] w, byte[] codes) {
    float max = Block.signedMax(x, at, n);
    if (Math.abs(max) < ScaleTrials.TINY) {
      fill(codes, at, n, -limit);
      return 0;
    }
    float inverse = -limit / max;
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = at; i < at + n; i++) {
      int code = Bits.clamp(Bits.nearest(inverse * x[i]), -limit, limit - 1);
      codes[i] = (byte) code;
      sumLx += w[i] * x[i] * code;
      sumL2 += w[i] * code * code;
    }
    float scale = sumL2 != 0 ? sumLx / sumL2 : 0;
    float best = scale * sumLx;
    for (int k = -9; k <= 9; k++) {
      if (k == 0) {
        continue;
      }
      inverse = -(limit + 0.1f * k) / max;
      sumLx = 0;
      sumL2 = 0;
      for (int i = at; i < at + n; i++) {
        int code = Bits.clamp(Bits.nearest(inverse * x[i]), -limit, limit - 1);
        sumLx += w[i] * x[i] * code;
        sumL2 += w[i] * code * code;
      }
      if (sumL2 > 0 && sumLx * sumLx > best * sumL2) {
        round(x, at, n, limit, inverse, codes);
        scale = sumLx / sumL2;
        best = scale * sumLx;
      }
    }
    return scale;
  }

  /// ggml's `make_q3_quants`: one scale, then up to five sweeps that move single codes; errors
  /// weighted by x².
  static float coordinateDescent(float[] x, int at, int n, int limit, byte[] codes) {
    float max = Block.signedMax(x, at, n);
    if (Math.abs(max) < ScaleTrials.TINY) {
      fill(codes, at, n, -limit);
      return 0;
    }
    round(x, at, n, limit, -limit / max, codes);
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = at; i < at + n; i++) {
      float w = x[i] * x[i];
      sumLx += w * x[i] * codes[i];
      sumL2 += w * codes[i] * codes[i];
    }
    boolean changed = true;
    for (int sweep = 0; sweep < 5 && changed; sweep++) {
      changed = false;
      for (int i = at; i < at + n; i++) {
        float w = x[i] * x[i];
        float otherLx = sumLx - w * x[i] * codes[i];
        if (!(otherLx > 0)) {
          continue;
        }
        float otherL2 = sumL2 - w * codes[i] * codes[i];
        int code = Bits.clamp(Bits.nearest(x[i] * otherL2 / otherLx), -limit, limit - 1);
        if (code == codes[i]) {
          continue;
        }
        otherLx += w * x[i] * code;
        otherL2 += w * code * code;
        if (otherL2 > 0 && otherLx * otherLx * sumL2 > sumLx * sumLx * otherL2) {
          codes[i] = (byte) code;
          sumLx = otherLx;
          sumL2 = otherL2;
          changed = true;
        }
      }
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  private static void round(float[] x, int at, int n, int limit, float inverse, byte[] codes) {
    for (int i = at; i < at + n; i++) {
      codes[i] = (byte) Bits.clamp(Bits.nearest(inverse * x[i]), -limit, limit - 1);
    }
  }

  private static void fill(byte[] codes, int at, int n, int value) {
    Arrays.fill(codes, at, at + n, (byte) value);
  }
}
