package halftone.numeric;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Trials in plain loops, as they are written in ggml: what all others must give.
public final class PlainTrials implements ScaleTrials {

  @Override
  public void affine(AffineSearch search, Groups groups) {
    Lanes g = new Lanes(groups);
    startAffine(search, g);
    for (int k = 0; k <= search.steps(); k++) {
      float extent = search.extent(k);
      for (int lane = 0; lane < g.count; lane++) {
        g.trialInverse[lane] = extent / (g.max[lane] - g.min[lane]);
      }
      g.clearSums();
      for (int i = 0; i < g.n; i++) {
        roundAndSum(
            g.count,
            search.maxCode(),
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
      measure(g, search.absolute(), g.trialScale, g.trialMin);
      acceptAffine(g);
    }
    g.give(groups);
  }

  @Override
  public void symmetric(int limit, Groups groups) {
    Lanes g = new Lanes(groups);
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
        acceptSymmetric(g);
      }
    }
    g.clearZeros();
    g.give(groups);
  }

  @Override
  public void uneven(float[] entries, int reach, Groups groups) {
    Lanes g = new Lanes(groups);
    g.findSignedMax();
    for (int lane = 0; lane < g.count; lane++) {
      g.trialInverse[lane] = 1 / (-g.max[lane] / entries[0]);
    }
    trial(g, entries);
    for (int lane = 0; lane < g.count; lane++) {
      g.scale[lane] = g.sumLx[lane] / g.sumL2[lane];
      g.best[lane] = g.scale[lane] * g.sumLx[lane];
    }
    for (int k = -reach; k <= reach; k++) {
      for (int lane = 0; lane < g.count; lane++) {
        g.trialInverse[lane] = (k + entries[0]) / g.max[lane];
      }
      trial(g, entries);
      for (int lane = 0; lane < g.count; lane++) {
        float sumLx = g.sumLx[lane];
        float sumL2 = g.sumL2[lane];
        if (sumL2 > 0 && sumLx * sumLx > g.best[lane] * sumL2) {
          g.scale[lane] = sumLx / sumL2;
          g.best[lane] = g.scale[lane] * sumLx;
        }
      }
    }
    g.clearZeros();
    g.give(groups);
  }

  @Override
  public void round(float[] x, float[] steps, float[] offsets, int least, int most, byte[] codes) {
    int group = x.length / steps.length;
    for (int i = 0; i < x.length; i++) {
      int nearest = Bits.nearest((x[i] - offsets[i / group]) / steps[i / group]);
      codes[i] = (byte) Bits.clamp(nearest, least, most);
    }
  }

  @Override
  public @Nullable BlockWriter writer(DirectBlock kind) {
    return null;
  }

  @Override
  public GridSearch grid(GridSubject subject) {
    return new GridLoops(subject, new PlainNeighbours(subject));
  }

  private static void trial(Lanes g, float[] entries) {
    g.clearSums();
    for (int i = 0; i < g.n; i++) {
      for (int lane = 0; lane < g.count; lane++) {
        float value = nearest(entries, g.trialInverse[lane] * g.x[i][lane]);
        float wq = g.w[i][lane] * value;
        g.sumLx[lane] += wq * g.x[i][lane];
        g.sumL2[lane] += wq * value;
      }
    }
  }

  private static float nearest(float[] entries, float t) {
    int code = 0;
    for (int next = 1; next < entries.length; next++) {
      code = t >= 0.5f * (entries[next - 1] + entries[next]) ? next : code;
    }
    return entries[code];
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

  private static void measure(Lanes g, boolean absolute, float[] scale, float[] min) {
    Arrays.fill(g.error, 0);
    for (int i = 0; i < g.n; i++) {
      if (absolute) {
        addMagnitudes(g.count, g.x[i], g.w[i], g.code[i], scale, min, g.error);
      } else {
        addSquares(g.count, g.x[i], g.w[i], g.code[i], scale, min, g.error);
      }
    }
  }

  /// Extents, sums, and the first scale with its error.
  private static void startAffine(AffineSearch search, Lanes g) {
    Arrays.fill(g.sumW, 0);
    Arrays.fill(g.sumX, 0);
    System.arraycopy(g.x[0], 0, g.max, 0, g.count);
    Arrays.fill(g.min, 0);
    for (int i = 0; i < g.n; i++) {
      extent(g.count, g.x[i], g.w[i], g.min, g.max, g.sumW, g.sumX);
    }
    for (int lane = 0; lane < g.count; lane++) {
      boolean flat = g.max[lane] <= g.min[lane];
      g.inverse[lane] = flat ? 0 : search.maxCode() / (g.max[lane] - g.min[lane]);
      g.scale[lane] = flat ? 0 : 1 / g.inverse[lane];
      g.base[lane] = g.min[lane];
    }
    for (int i = 0; i < g.n; i++) {
      round(g.count, search.maxCode(), g.x[i], g.inverse, g.min, g.code[i]);
    }
    measure(g, search.absolute(), g.scale, g.min);
    for (int lane = 0; lane < g.count; lane++) { // a flat group accepts no trial
      g.best[lane] = g.inverse[lane] == 0 ? -1 : g.error[lane];
    }
  }

  private static void extent(
      int count, float[] x, float[] w, float[] min, float[] max, float[] sumW, float[] sumX) {
    for (int g = 0; g < count; g++) {
      min[g] = x[g] < min[g] ? x[g] : min[g];
      max[g] = x[g] > max[g] ? x[g] : max[g];
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

  private static void acceptAffine(Lanes g) {
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
      float nearest = (t + Bits.MAGIC) - Bits.MAGIC;
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
      float code = (t + Bits.MAGIC) - Bits.MAGIC;
      sumLx[g] += w[g] * x[g] * code;
      sumL2[g] += w[g] * code * code;
    }
  }

  private static void acceptSymmetric(Lanes g) {
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
