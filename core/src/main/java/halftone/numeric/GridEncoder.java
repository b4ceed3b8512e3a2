package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// The reference encoder of the grid types, one block of 256 weights at a time.
///
/// Signs first; then, for each group, trial scales round the magnitudes to the lattice, off-grid points move to the
/// neighbour of least weighted error, and the trial that explains most of the group's energy wins; its scale is refitted by
/// least squares. All sums are binary32 in index order, as in ggml. Not safe for concurrent use.
final class GridEncoder {
  /// Adding it rounds a small float to the nearest integer, ties to even, in the low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private static final float LARGEST_CODE = 15;
  private static final float NEGLIGIBLE = Float.parseFloat(System.getProperty("neg", "1e-8"));
  static final boolean REFIT_ALL = Boolean.getBoolean("refitall");
  static final boolean QP = Boolean.getBoolean("qp");
  static final int PLAIN = Integer.getInteger("plain", 0);

  private final GridFormat format;
  private final GridTables tables;
  private final GridTrials trials;
  private final int arity;
  private final int levels;
  private final int group;

  private final float[] magnitudes;
  private final float[] weight;
  private final float[] rootWeight;
  private final float[] scales;
  private final short[] trial;
  private final short[] best;

  GridEncoder(GridFormat format) {
    this.format = format;
    this.tables = format.tables();
    this.trials = format.trials();
    this.arity = format.shape().codebook().arity();
    this.levels = format.shape().codebook().magnitudes().size();
    this.group = format.shape().group();
    this.magnitudes = new float[group];
    this.weight = new float[group];
    this.rootWeight = new float[group];
    this.scales = new float[GridFormat.BLOCK / group];
    this.trial = new short[group / arity];
    this.best = new short[group / arity];
  }

  /// Encodes the 256 weights from `x[at]` as block number `block` of `codes`.
  ///
  /// @param importance of columns `column …`, or null
  void fit(float[] x, int at, float @Nullable [] importance, int column, GridCodes codes, int block) {
    float energy = trials.energy() * sumOfSquares(x, at) / GridFormat.BLOCK;
    float largest = 0;
    for (int g = 0; g < scales.length; g++) {
      int from = g * group;
      weigh(x, at + from, importance, column + from, energy);
      takeSigns(x, at + from, codes.signs(), (block * GridFormat.BLOCK + from) / 8);
      scales[g] = fitGroup();
      largest = Math.max(largest, scales[g]);
      System.arraycopy(best, 0, codes.entries(), (block * GridFormat.BLOCK + from) / arity, best.length);
    }
    storeScales(largest, codes, block);
  }

  private void storeScales(float largest, GridCodes codes, int block) {
    int first = block * scales.length;
    if (largest == 0) {
      codes.halves()[block] = 0;
      java.util.Arrays.fill(codes.scales(), first, first + scales.length, (byte) 0);
      return;
    }
    float d = largest / (2 * LARGEST_CODE + 1);
    short half = Float.floatToFloat16(d * trials.storedScale());
    if (!Float.isFinite(Float.float16ToFloat(half))) {
      throw new IllegalArgumentException(
          format.id() + " cannot hold weights this large: a block's scale of " + d + " overflows binary16");
    }
    codes.halves()[block] = half;
    float inverse = 1 / d;
    for (int g = 0; g < scales.length; g++) {
      int code = round(0.5f * (inverse * scales[g] - 1));
      codes.scales()[first + g] = (byte) Math.clamp(code, 0, (int) LARGEST_CODE);
    }
  }

  private static float sumOfSquares(float[] x, int at) {
    float sum = 0;
    for (int i = at; i < at + GridFormat.BLOCK; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }

  private void weigh(float[] x, int at, float @Nullable [] importance, int column, float energy) {
    for (int i = 0; i < group; i++) {
      float square = x[at + i] * x[at + i];
      weight[i] =
          importance != null
              ? importance[column + i] * (float) Math.sqrt(energy + square)
              : trials.plainEnergy() * energy + square;
      rootWeight[i] = (float) Math.sqrt(weight[i]);
    }
  }

  /// Splits weights into signs and magnitudes. Where signs must be even in number, the one that costs least is flipped,
  /// and that magnitude is negative.
  private void takeSigns(float[] x, int at, byte[] signs, int first) {
    for (int i = 0; i < group; i += 8) {
      int minus = 0;
      for (int j = 0; j < 8; j++) {
        float value = x[at + i + j];
        minus |= value < 0 ? 1 << j : 0;
        magnitudes[i + j] = value < 0 ? -value : value;
      }
      if (format.shape().evenSigns() && (Integer.bitCount(minus) & 1) == 1) {
        int cheapest = cheapest(i);
        magnitudes[i + cheapest] = -magnitudes[i + cheapest];
        minus ^= 1 << cheapest;
      }
      signs[first + i / 8] = (byte) minus;
    }
  }

  private int cheapest(int from) {
    int cheapest = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int j = 0; j < 8; j++) {
      float cost = weight[from + j] * magnitudes[from + j] * magnitudes[from + j];
      if (cost < least) {
        least = cost;
        cheapest = j;
      }
    }
    return cheapest;
  }

  /// Leaves the entries of the group in `best` and returns its scale, 0 for a group that is all but zero.
  private float fitGroup() {
    java.util.Arrays.fill(best, (short) 0);
    float max = magnitudes[0];
    for (int i = 1; i < group; i++) {
      max = Math.max(max, magnitudes[i]);
    }
    if (max < NEGLIGIBLE) {
      return 0;
    }
    int top = 2 * levels - 1;
    float scale = max / top;
    if (QP) {
      scale = new PositiveFit(group).scale(magnitudes, weight, levels);
      max = scale * levels;
      if (max <= 0) {
        return 0;
      }
    }
    float most = 0;
    boolean[] exact = {true};
    for (int k = -trials.reach(); k <= trials.reach(); k++) {
      float inverse = (top + k * trials.step()) / max;
      boolean onGrid = choose(inverse, 1 / inverse, trial, null);
      float xq = 0;
      float qq = 0;
      for (int i = 0; i < group; i++) {
        float q = tables.odd()[trial[i / arity] * arity + i % arity];
        xq += weight[i] * magnitudes[i] * q;
        qq += weight[i] * q * q;
      }
      if (qq > 0 && xq * xq > most * qq) {
        scale = xq / qq;
        most = scale * xq;
        exact[0] = onGrid;
        System.arraycopy(trial, 0, best, 0, best.length);
        lastOff = off;
      }
    }
    off = lastOff;
    if (!exact[0] && scale > 0) {
      choose(1 / scale, scale, best, REFIT_ALL ? null : best);
      float xq = 0;
      float qq = 0;
      for (int i = 0; i < group; i++) {
        float q = tables.odd()[best[i / arity] * arity + i % arity];
        xq += weight[i] * magnitudes[i] * q;
        qq += weight[i] * q * q;
      }
      if (qq > 0) {
        scale = xq / qq;
      }
    }
    return scale;
  }

  private int off;
  private int lastOff;

  /// Rounds all magnitudes to entries under a scale; whether all lay on the grid.
  private boolean choose(float inverse, float scale, short[] entries, short @Nullable [] keep) {
    int o = 0;
    for (int e = 0; e < entries.length; e++) {
      if (keep != null && (off >> e & 1) == 0) {
        continue;
      }
      int point = 0;
      for (int j = arity - 1; j >= 0; j--) {
        int level = round(0.5f * (inverse * magnitudes[e * arity + j] - 1));
        point = point * levels + Math.clamp(level, 0, levels - 1);
      }
      int start = tables.starts()[point];
      int end = tables.starts()[point + 1];
      if (end == start + 1 && isEntry(tables.neighbours()[start], point)) {
        entries[e] = tables.neighbours()[start];
      } else {
        o |= 1 << e;
        entries[e] = bestNeighbour(start, end, scale, e * arity);
      }
    }
    off = o;
    return o == 0;
  }

  private boolean isEntry(int entry, int point) {
    int rest = point;
    for (int j = 0; j < arity; j++, rest /= levels) {
      if (tables.odd()[entry * arity + j] != 2 * (rest % levels) + 1) return false;
    }
    return true;
  }

  private short bestNeighbour(int start, int end, float scale, int from) {
    short best = tables.neighbours()[start];
    float least = Float.POSITIVE_INFINITY;
    for (int n = start; n < end; n++) {
      int entry = tables.neighbours()[n] * arity;
      float error = 0;
      for (int j = 0; j < arity; j++) {
        float difference = scale * tables.odd()[entry + j] - magnitudes[from + j];
        error += rootWeight[from + j] * difference * difference;
      }
      if (error < least) {
        least = error;
        best = tables.neighbours()[n];
      }
    }
    return best;
  }

  private static int round(float value) {
    return Float.floatToRawIntBits(value + ROUNDER) - Float.floatToRawIntBits(ROUNDER);
  }
}
