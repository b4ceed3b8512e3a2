package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// The reference encoder of IQ1_S and IQ1_M, one block of 256 weights at a time. Each group is
/// split into −1, 0 and 1 as well as can be ([TernarySplit]); eights that are no entry move to the
/// neighbour of least weighted error, and the group's scale is refitted. All sums are binary32 in
/// index order, as in ggml. Not safe for concurrent use.
final class Iq1Encoder {
  private static final int LARGEST_CODE = 7;

  private final Iq1Format format;
  private final TernarySplit split;
  private final GridNeighbours grid = Iq1Points.neighbours();
  private final int group;
  private final float[] weights = new float[GridFormat.BLOCK];
  private final byte[] levels;
  private final float[] scales;

  Iq1Encoder(Iq1Format format) {
    this.format = format;
    this.split = format.newSplit();
    this.group = format.group();
    this.levels = new byte[group];
    this.scales = new float[GridFormat.BLOCK / group];
  }

  /// Encodes the 256 weights from `x[at]` as block number `block` of `codes`.
  ///
  /// @param importance of columns `column …`, or null
  void fit(
      float[] x, int at, float @Nullable [] importance, int column, Iq1Codes codes, int block) {
    float energy = 2 * GridEncoder.meanSquare(x, at);
    GridEncoder.weigh(x, at, importance, column, energy, 0, weights);
    for (int g = 0; g < scales.length; g++) {
      scales[g] =
          fitGroup(x, at + g * group, g * group, codes, block * GridFormat.BLOCK + g * group);
    }
    float d = GridEncoder.storeScales(scales, LARGEST_CODE, codes.scales(), block * scales.length);
    float settled = d == 0 ? 0 : format.settle(d, x, at, weights, codes, block);
    codes.halves()[block] = GridEncoder.half(format, settled);
  }

  /// Chooses a group's entries and shifts and returns its scale, 0 for a group stored as zero.
  ///
  /// @param from where the group's error weights start
  /// @param first the group's first weight, counted over all blocks
  private float fitGroup(float[] x, int at, int from, Iq1Codes codes, int first) {
    if (largest(x, at) < format.negligible() || !split.search(x, at, weights, from)) {
      return 0;
    }
    split.levels(levels);
    float scale = split.scale();
    boolean moved = false;
    for (int e = 0; e < group / 8; e++) {
      int k = first / 8 + e;
      int minus = split.minus(2 * 8 * e / group);
      int point = latticePoint(8 * e);
      codes.minus()[k] = (byte) minus;
      moved |= !grid.isEntry()[point];
      codes.entries()[k] =
          grid.isEntry()[point]
              ? grid.neighbours()[grid.starts()[point]]
              : bestNeighbour(point, scale, minus, x, at + 8 * e, from + 8 * e);
    }
    return moved ? refit(scale, x, at, from, codes, first) : scale;
  }

  private float largest(float[] x, int at) {
    float largest = 0;
    for (int i = at; i < at + group; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    return largest;
  }

  private int latticePoint(int from) {
    int point = 0;
    for (int i = from + 7; i >= from; i--) {
      point = 3 * point + levels[i];
    }
    return point;
  }

  private short bestNeighbour(int point, float scale, int minus, float[] x, int at, int from) {
    float[] values = Iq1Points.values(minus);
    short[] neighbours = grid.neighbours();
    int end = grid.starts()[point + 1];
    short best = neighbours[grid.starts()[point]];
    float least = Float.MAX_VALUE;
    for (int n = grid.starts()[point]; n < end; n++) {
      int entry = 8 * neighbours[n];
      float error = addFour(0, scale, values, entry, x, at, from);
      if (error < least) { // errors only grow: most neighbours are out after four
        error = addFour(error, scale, values, entry + 4, x, at + 4, from + 4);
      }
      if (error < least) {
        least = error;
        best = neighbours[n];
      }
    }
    return best;
  }

  private float addFour(
      float before, float scale, float[] values, int entry, float[] x, int at, int from) {
    float d0 = scale * values[entry] - x[at];
    float d1 = scale * values[entry + 1] - x[at + 1];
    float d2 = scale * values[entry + 2] - x[at + 2];
    float d3 = scale * values[entry + 3] - x[at + 3];
    float error = before + weights[from] * d0 * d0;
    error += weights[from + 1] * d1 * d1;
    error += weights[from + 2] * d2 * d2;
    return error + weights[from + 3] * d3 * d3;
  }

  private float refit(float scale, float[] x, int at, int from, Iq1Codes codes, int first) {
    float xq = 0;
    float qq = 0;
    for (int i = 0; i < group; i++) {
      int k = (first + i) / 8;
      float q = Iq1Points.values(codes.minus()[k])[8 * codes.entries()[k] + i % 8];
      xq += weights[from + i] * q * x[at + i];
      qq += weights[from + i] * q * q;
    }
    return xq > 0 && qq > 0 ? xq / qq : scale;
  }
}
