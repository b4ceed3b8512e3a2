package halftone.numeric;

import java.util.Arrays;

/// Many groups side by side: element i of group g stands at `[i][g]`. The scale searches run over
/// groups in their inner loop, by [ScaleTrials] or in what the compiler turns into vector
/// instructions, while each group's sums still grow in index order, so that bytes equal the
/// reference's.
///
/// Loops are over arrays that are indexed alike: the compiler vectorizes no others.
public final class Lanes {
  /// Arrays are as long as the next multiple of it, for vectors; groups beyond `count` are zero.
  private static final int WHOLE = 16;

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

  private Lanes(int n, int groups) {
    this.n = n;
    this.count = groups;
    int count = Math.ceilDiv(groups, WHOLE) * WHOLE;
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
  }

  /// The groups of `blocks`, with their weights and `w`. The same memory serves them again: fresh
  /// memory would have to come through all caches.
  static Lanes of(Block[] blocks) {
    int groups = blocks[0].scales.length;
    Lanes lanes = blocks[0].lanes;
    if (lanes == null) {
      lanes = new Lanes(blocks[0].x.length / groups, groups * blocks.length);
      blocks[0].lanes = lanes;
    }
    for (int block = 0; block < blocks.length; block++) {
      spread(blocks[block].x, lanes.x, block * groups, groups);
      spread(blocks[block].w, lanes.w, block * groups, groups);
    }
    return lanes;
  }

  private static void spread(float[] block, float[][] lanes, int lane, int groups) {
    int n = lanes.length;
    for (int i = 0; i < n; i++) {
      float[] element = lanes[i];
      for (int g = 0; g < groups; g++) {
        element[lane + g] = block[g * n + i];
      }
    }
  }

  /// Weights in a group.
  public int elements() {
    return n;
  }

  /// Groups, and zeros behind them that make whole vectors.
  public int padded() {
    return max.length;
  }

  /// Weight i of group g at `[i][g]`.
  public float[][] x() {
    return x;
  }

  /// What it counts in the sum of squares.
  public float[][] w() {
    return w;
  }

  public float[] scale() {
    return scale;
  }

  public float[] min() {
    return min;
  }

  /// What weights are multiplied by before they are rounded.
  public float[] inverse() {
    return inverse;
  }

  /// What is taken off weights before.
  public float[] base() {
    return base;
  }

  /// The largest weight, or that of largest magnitude.
  public float[] max() {
    return max;
  }

  /// How good the best trial is so far.
  public float[] best() {
    return best;
  }

  /// Σ w, where the search needs it.
  public float[] sumW() {
    return sumW;
  }

  /// Σ w·x, where the search needs it.
  public float[] sumX() {
    return sumX;
  }

  /// Sets `max` to each group's element of largest magnitude, the first on ties, with its sign.
  void findSignedMax() {
    float[] least = new float[max.length];
    Arrays.fill(max, 0);
    for (float[] element : x) {
      for (int lane = 0; lane < max.length; lane++) {
        max[lane] = Math.max(max[lane], element[lane]);
        least[lane] = Math.min(least[lane], element[lane]);
      }
    }
    for (int lane = 0; lane < count; lane++) {
      if (max[lane] == -least[lane]) {
        max[lane] = firstOf(max[lane], lane);
      } else if (max[lane] < -least[lane]) {
        max[lane] = least[lane];
      }
    }
  }

  private float firstOf(float magnitude, int lane) {
    int i = 0;
    while (i < n - 1 && Math.abs(x[i][lane]) != magnitude) {
      i++;
    }
    return x[i][lane];
  }

  /// Gives the blocks their groups' scales.
  void scatterScales(Block[] blocks) {
    int groups = blocks[0].scales.length;
    for (int lane = 0; lane < count; lane++) {
      blocks[lane / groups].scales[lane % groups] = scale[lane];
    }
  }

  /// Gives the blocks their groups' scales and mins, and what makes the codes of the search.
  void scatter(Block[] blocks) {
    int lane = 0;
    for (Block b : blocks) {
      for (int g = 0; g < b.scales.length; g++, lane++) {
        b.scales[g] = scale[lane];
        b.mins[g] = min[lane];
        b.inverses[g] = inverse[lane];
        b.bases[g] = base[lane];
      }
    }
  }

  /// Clears the sums over codes.
  void clearSums() {
    Arrays.fill(sumL, 0);
    Arrays.fill(sumL2, 0);
    Arrays.fill(sumLx, 0);
  }
}
