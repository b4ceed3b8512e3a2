package halftone.numeric;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The reference encoder of the grid types, one block of 256 weights at a time: signs and error
/// weights here, entries and scale of each group by [GridGroup], then the scales' own rounding. Not
/// safe for concurrent use.
final class GridEncoder {
  private static final int LARGEST_CODE = 15;

  private final GridFormat format;
  private final GridShape shape;
  private final GridTrials trials;
  private final GridGroup group;
  private final float[] weights = new float[GridFormat.BLOCK];
  private final float[] scales;

  GridEncoder(GridFormat format) {
    this.format = format;
    this.shape = format.shape();
    this.trials = format.trials();
    this.group = new GridGroup(shape, trials, format.neighbours());
    this.scales = new float[GridFormat.BLOCK / shape.group()];
  }

  /// Encodes the 256 weights from `x[at]` as block number `block` of `codes`.
  ///
  /// @param importance of columns `column …`, or null
  void fit(
      float[] x, int at, float @Nullable [] importance, int column, GridCodes codes, int block) {
    float energy = trials.energy() * meanSquare(x, at);
    weigh(x, at, importance, column, energy, trials.plainEnergy(), weights);
    for (int g = 0; g < scales.length; g++) {
      int from = g * shape.group();
      int first = block * GridFormat.BLOCK + from;
      System.arraycopy(weights, from, group.weights, 0, shape.group());
      takeSigns(x, at + from, codes.signs(), first / 8);
      scales[g] = group.fit();
      settleSigns(scales[g], codes.signs(), first / 8);
      scales[g] = Math.abs(scales[g]);
      System.arraycopy(
          group.entries,
          0,
          codes.entries(),
          first / shape.codebook().arity(),
          group.entries.length);
    }
    float d = storeScales(scales, LARGEST_CODE, codes.scales(), block * scales.length);
    codes.halves()[block] = half(format, d * trials.storedScale());
  }

  /// The mean square of the block's weights from `x[at]`.
  static float meanSquare(float[] x, int at) {
    float sum = 0;
    for (int i = at; i < at + GridFormat.BLOCK; i++) {
      sum += x[i] * x[i];
    }
    return sum / GridFormat.BLOCK;
  }

  /// Writes the error weights of a block: `importance · √(energy + x²)`, or `plainEnergy · energy +
  /// x²` without importance.
  static void weigh(
      float[] x,
      int at,
      float @Nullable [] importance,
      int column,
      float energy,
      float plainEnergy,
      float[] weights) {
    for (int i = 0; i < weights.length; i++) {
      float square = x[at + i] * x[at + i];
      weights[i] =
          importance == null
              ? plainEnergy * energy + square
              : importance[column + i] * (float) Math.sqrt(energy + square);
    }
  }

  /// Splits weights into signs and magnitudes. Where the minus signs must be even in number, the
  /// cheapest one is flipped and its magnitude is negative.
  private void takeSigns(float[] x, int at, byte[] signs, int first) {
    float[] magnitudes = group.magnitudes;
    for (int i = 0; i < magnitudes.length; i += 8) {
      int minus = 0;
      for (int j = 0; j < 8; j++) {
        float value = x[at + i + j];
        minus |= value < 0 ? 1 << j : 0;
        magnitudes[i + j] = Math.abs(value);
      }
      if (shape.evenSigns() && (Integer.bitCount(minus) & 1) == 1) {
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
      float magnitude = group.magnitudes[from + j];
      float cost = group.weights[from + j] * magnitude * magnitude;
      if (cost < least) {
        least = cost;
        cheapest = j;
      }
    }
    return cheapest;
  }

  /// A zero group has no minus signs; a negative scale turns all of them.
  private void settleSigns(float scale, byte[] signs, int first) {
    if (scale == 0) {
      Arrays.fill(signs, first, first + shape.group() / 8, (byte) 0);
    }
    for (int i = first; scale < 0 && i < first + shape.group() / 8; i++) {
      signs[i] = (byte) ~signs[i];
    }
  }

  /// Rounds the scales of a block to codes s of d · (2s + 1) and returns d, the largest scale over
  /// `2 · largestCode + 1`.
  static float storeScales(float[] scales, int largestCode, byte[] codes, int first) {
    float largest = 0;
    for (float scale : scales) {
      largest = Math.max(largest, scale);
    }
    float d = largest / (2 * largestCode + 1);
    float inverse = largest > 0 ? 1 / d : 0;
    for (int g = 0; g < scales.length; g++) {
      int code = GridGroup.round(0.5f * (inverse * scales[g] - 1));
      codes[first + g] = (byte) Math.clamp(code, 0, largestCode);
    }
    return d;
  }

  /// d as binary16.
  ///
  /// @throws IllegalArgumentException when it is too large
  static short half(NumberFormat format, float d) {
    short half = Float.floatToFloat16(d);
    if (!Float.isFinite(Float.float16ToFloat(half))) {
      throw new IllegalArgumentException(
          format.id()
              + " cannot hold weights this large: a block's scale of "
              + d
              + " overflows binary16");
    }
    return half;
  }
}
