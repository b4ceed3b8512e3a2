package halftone.numeric;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// What plain loops work on: many groups side by side, element i of group g at `[i][g]`. The scale
/// searches run over groups in their inner loop, in what the compiler turns into vector
/// instructions, while each group's sums still grow in index order, so that bytes equal the
/// reference's.
///
/// Loops are over arrays that are indexed alike: the compiler vectorizes no others.
final class Lanes {
  /// Weights in a group, and groups.
  final int n;

  final int count;
  final float[][] x;
  final float[][] w;

  /// Results: a group's scale and min; its codes are the nearest to (x − base) · inverse.
  final float[] scale;

  final float[] min;
  final float[] inverse;
  final float[] base;

  /// Scratch of the searches.
  final float[][] code;

  final float[] max;
  final float[] sumW;
  final float[] sumX;
  final float[] sumL;
  final float[] sumL2;
  final float[] sumLx;
  final float[] best;
  final float[] error;
  final float[] trialInverse;
  final float[] trialScale;
  final float[] trialMin;

  Lanes(Groups groups) {
    n = groups.elements();
    count = groups.count();
    x = new float[n][count];
    w = new float[n][count];
    code = new float[n][count];
    scale = new float[count];
    min = new float[count];
    inverse = new float[count];
    base = new float[count];
    max = new float[count];
    sumW = new float[count];
    sumX = new float[count];
    sumL = new float[count];
    sumL2 = new float[count];
    sumLx = new float[count];
    best = new float[count];
    error = new float[count];
    trialInverse = new float[count];
    trialScale = new float[count];
    trialMin = new float[count];
    for (int i = 0; i < n; i++) {
      for (int g = 0; g < count; g++) {
        x[i][g] = groups.x().getAtIndex(ValueLayout.JAVA_FLOAT, g * (long) n + i);
        w[i][g] = groups.w().getAtIndex(ValueLayout.JAVA_FLOAT, g * (long) n + i);
      }
    }
  }

  /// Sets `max` to each group's element of largest magnitude, the first on ties, with its sign.
  void findSignedMax() {
    Arrays.fill(max, 0);
    for (float[] element : x) {
      for (int lane = 0; lane < count; lane++) {
        max[lane] = Math.abs(element[lane]) > Math.abs(max[lane]) ? element[lane] : max[lane];
      }
    }
  }

  /// Scale and inverse of groups whose `max` is nothing become 0.
  void clearZeros() {
    for (int lane = 0; lane < count; lane++) {
      boolean zero = Math.abs(max[lane]) < ScaleTrials.TINY;
      scale[lane] = zero ? 0 : scale[lane];
      inverse[lane] = zero ? 0 : inverse[lane];
    }
  }

  /// Gives the results.
  void give(Groups groups) {
    for (int lane = 0; lane < count; lane++) {
      groups.set(lane, Groups.SCALE, scale[lane]);
      groups.set(lane, Groups.MIN, min[lane]);
      groups.set(lane, Groups.INVERSE, inverse[lane]);
      groups.set(lane, Groups.BASE, base[lane]);
    }
  }

  /// Clears the sums over codes.
  void clearSums() {
    Arrays.fill(sumL, 0);
    Arrays.fill(sumL2, 0);
    Arrays.fill(sumLx, 0);
  }
}
