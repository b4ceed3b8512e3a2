package halftone.numeric;

/// The scale searches of the reference encoders, all in float32 with sums in index order
/// (ggml-quants.c: make_qx_quants, make_q3_quants, make_qkx2/3_quants, make_qp_quants).
final class Searches {
  /// A group whose largest magnitude is below this is all zero.
  static final float TINY = 1e-15f;

  private Searches() {}

  /// The element with the largest magnitude, the first of equals, with its sign.
  static float signedMax(float[] x, int at, int n) {
    float magnitude = 0;
    float max = 0;
    for (int i = at; i < at + n; i++) {
      float size = Math.abs(x[i]);
      if (size > magnitude) {
        magnitude = size;
        max = x[i];
      }
    }
    return max;
  }

  /// Symmetric codes −nmax … nmax − 1, stored plus nmax, and their scale (possibly negative): the nineteen scales
  /// around −nmax/signedmax, each refitted by least squares.
  static float symmetric(float[] x, int at, int n, int nmax, float[] w, int wAt, byte[] codes, int to) {
    float max = signedMax(x, at, n);
    if (Math.abs(max) < TINY) {
      java.util.Arrays.fill(codes, to, to + n, (byte) 0);
      return 0;
    }
    float sumLx = 0;
    float sumL2 = 0;
    float inverse = -nmax / max;
    for (int i = 0; i < n; i++) {
      int l = Bits.clamp(Bits.nearest(inverse * x[at + i]), -nmax, nmax - 1);
      codes[to + i] = (byte) (l + nmax);
      sumLx += w[wAt + i] * x[at + i] * l;
      sumL2 += w[wAt + i] * l * l;
    }
    float scale = sumL2 > 0 ? sumLx / sumL2 : 0;
    float best = scale * sumLx;
    for (int step = -9; step <= 9; step++) {
      if (step == 0) {
        continue;
      }
      inverse = -(nmax + 0.1f * step) / max;
      sumLx = 0;
      sumL2 = 0;
      for (int i = 0; i < n; i++) {
        int l = Bits.clamp(Bits.nearest(inverse * x[at + i]), -nmax, nmax - 1);
        sumLx += w[wAt + i] * x[at + i] * l;
        sumL2 += w[wAt + i] * l * l;
      }
      if (sumL2 > 0 && sumLx * sumLx > best * sumL2) {
        for (int i = 0; i < n; i++) {
          int l = Bits.clamp(Bits.nearest(inverse * x[at + i]), -nmax, nmax - 1);
          codes[to + i] = (byte) (l + nmax);
        }
        scale = sumLx / sumL2;
        best = scale * sumLx;
      }
    }
    return scale;
  }

  /// Three-bit symmetric codes by coordinate descent, weights x².
  static float descended(float[] x, int at, int n, int nmax, byte[] codes, int to) {
    float max = signedMax(x, at, n);
    if (Math.abs(max) < TINY) {
      java.util.Arrays.fill(codes, to, to + n, (byte) 0);
      return 0;
    }
    float inverse = -nmax / max;
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < n; i++) {
      int l = Bits.clamp(Bits.nearest(inverse * x[at + i]), -nmax, nmax - 1);
      codes[to + i] = (byte) l;
      float w = x[at + i] * x[at + i];
      sumLx += w * x[at + i] * l;
      sumL2 += w * l * l;
    }
    for (int sweep = 0; sweep < 5; sweep++) {
      boolean changed = false;
      for (int i = 0; i < n; i++) {
        float v = x[at + i];
        float w = v * v;
        int l = codes[to + i];
        float slx = sumLx - w * v * l;
        if (slx > 0) {
          float sl2 = sumL2 - w * l * l;
          int other = Bits.clamp(Bits.nearest(v * sl2 / slx), -nmax, nmax - 1);
          if (other != l) {
            slx += w * v * other;
            sl2 += w * other * other;
            if (sl2 > 0 && slx * slx * sumL2 > sumLx * sumLx * sl2) {
              codes[to + i] = (byte) other;
              sumLx = slx;
              sumL2 = sl2;
              changed = true;
            }
          }
        }
      }
      if (!changed) {
        break;
      }
    }
    for (int i = 0; i < n; i++) {
      codes[to + i] += (byte) nmax;
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  /// Affine codes 0 … nmax: returns the scale and leaves the negated minimum, ≥ 0, in `scratch.min`. A trial that is
  /// accepted moves the minimum, and so all later trials.
  static float affine(
      float[] x, int at, int n, int nmax, float[] w, float rmin, float rdelta, int steps, boolean absolute,
      byte[] codes, int to, Scratch scratch) {
    float min = x[at];
    float max = x[at];
    float sumW = w[0];
    float sumX = w[0] * x[at];
    for (int i = 1; i < n; i++) {
      min = x[at + i] < min ? x[at + i] : min;
      max = x[at + i] > max ? x[at + i] : max;
      sumW += w[i];
      sumX += w[i] * x[at + i];
    }
    if (min > 0) {
      min = 0;
    }
    if (max <= min) {
      java.util.Arrays.fill(codes, to, to + n, (byte) 0);
      scratch.min = -min;
      return 0;
    }
    float inverse = nmax / (max - min);
    float scale = 1 / inverse;
    float best = 0;
    for (int i = 0; i < n; i++) {
      int l = Bits.clamp(Bits.nearest(inverse * (x[at + i] - min)), 0, nmax);
      codes[to + i] = (byte) l;
      float e = scale * l + min - x[at + i];
      best += w[i] * (absolute ? Math.abs(e) : e * e);
    }
    byte[] trial = scratch.trial;
    for (int step = 0; step <= steps; step++) {
      inverse = (rmin + rdelta * step + nmax) / (max - min);
      float sumL = 0;
      float sumL2 = 0;
      float sumXl = 0;
      for (int i = 0; i < n; i++) {
        int l = Bits.clamp(Bits.nearest(inverse * (x[at + i] - min)), 0, nmax);
        trial[i] = (byte) l;
        sumL += w[i] * l;
        sumL2 += w[i] * l * l;
        sumXl += w[i] * l * x[at + i];
      }
      float determinant = sumW * sumL2 - sumL * sumL;
      if (determinant > 0) {
        float fitted = (sumW * sumXl - sumX * sumL) / determinant;
        float fittedMin = (sumL2 * sumX - sumL * sumXl) / determinant;
        if (fittedMin > 0) {
          fittedMin = 0;
          fitted = sumXl / sumL2;
        }
        float error = 0;
        for (int i = 0; i < n; i++) {
          float e = fitted * trial[i] + fittedMin - x[at + i];
          error += w[i] * (absolute ? Math.abs(e) : e * e);
        }
        if (error < best) {
          System.arraycopy(trial, 0, codes, to, n);
          best = error;
          scale = fitted;
          min = fittedMin;
        }
      }
    }
    scratch.min = -min;
    return scale;
  }

  /// Codes 0 … nmax of non-negative values (the second level of scales): nine scales, then coordinate descent.
  static float positive(float[] x, int n, int nmax, float[] w, byte[] codes) {
    float max = 0;
    for (int i = 0; i < n; i++) {
      max = x[i] > max ? x[i] : max;
    }
    if (max < TINY) {
      java.util.Arrays.fill(codes, 0, n, (byte) 0);
      return 0;
    }
    float inverse = nmax / max;
    float scale = 1 / inverse;
    float best = 0;
    for (int i = 0; i < n; i++) {
      float e = x[i] - scale * Bits.nearest(inverse * x[i]);
      best += w[i] * e * e;
    }
    for (int step = -4; step <= 4; step++) {
      if (step == 0) {
        continue;
      }
      float trial = (0.1f * step + nmax) / max;
      scale = 1 / trial;
      float error = 0;
      for (int i = 0; i < n; i++) {
        float e = x[i] - scale * Math.min(nmax, Bits.nearest(trial * x[i]));
        error += w[i] * e * e;
      }
      if (error < best) {
        best = error;
        inverse = trial;
      }
    }
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < n; i++) {
      int l = Math.min(nmax, Bits.nearest(inverse * x[i]));
      codes[i] = (byte) l;
      sumLx += w[i] * x[i] * l;
      sumL2 += w[i] * l * l;
    }
    return descendPositive(x, n, nmax, w, codes, sumLx, sumL2);
  }

  private static float descendPositive(
      float[] x, int n, int nmax, float[] w, byte[] codes, float sumLx, float sumL2) {
    for (int sweep = 0; sweep < 5; sweep++) {
      boolean changed = false;
      for (int i = 0; i < n; i++) {
        int l = codes[i];
        float slx = sumLx - w[i] * x[i] * l;
        float sl2 = sumL2 - w[i] * l * l;
        if (slx > 0 && sl2 > 0) {
          int other = Math.min(nmax, Bits.nearest(x[i] * sl2 / slx));
          if (other != l) {
            slx += w[i] * x[i] * other;
            sl2 += w[i] * other * other;
            if (slx * slx * sumL2 > sumLx * sumLx * sl2) {
              codes[i] = (byte) other;
              sumLx = slx;
              sumL2 = sl2;
              changed = true;
            }
          }
        }
      }
      if (!changed) {
        break;
      }
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }
}
