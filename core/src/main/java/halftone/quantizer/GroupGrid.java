package halftone.quantizer;

/// The integer grid of a group of neighbouring weights in a row: w = (q − zero) · scale, 0 ≤ q <
/// 2^bits. Scale and zero point are rounded to binary16, as they are stored, before any code is
/// chosen.
final class GroupGrid implements RoundingGrid {
  private static final double POWER = 2.4;
  private static final int SHRINKS = 80;

  /// The least scale that binary16 holds: below it there is nothing to represent.
  private static final float SMALLEST = 0x1p-24f;

  private final float scale;
  private final float zero;
  private final int largest;

  GroupGrid(float scale, float zero, int bits) {
    this.scale = Float.float16ToFloat(Float.floatToFloat16(scale));
    this.zero = Float.float16ToFloat(Float.floatToFloat16(zero));
    this.largest = (1 << bits) - 1;
  }

  /// From the least to the largest of the weights, 0 included, with an integer zero point (GPTQ's
  /// asymmetric grid). One bit is [#twoLevels].
  static GroupGrid minMax(GroupWeights w, int bits) {
    return bits == 1 ? twoLevels(w) : shrunk(range(w), 1, bits);
  }

  /// One bit as SliM-LLM has it: the mean plus and minus the mean magnitude.
  static GroupGrid twoLevels(GroupWeights w) {
    double sum = 0;
    double magnitudes = 0;
    for (int j = 0; j < w.count(); j++) {
      sum += w.get(j);
      magnitudes += Math.abs(w.get(j));
    }
    double mean = sum / w.count();
    double alpha = magnitudes / w.count();
    return alpha == 0
        ? new GroupGrid(1, 0, 1)
        : new GroupGrid((float) (2 * alpha), (float) ((alpha - mean) / (2 * alpha)), 1);
  }

  /// Symmetric around 0, 2^(bits − 1) − 1 steps to each side: the code that would be one step
  /// further down is not used.
  static GroupGrid symmetric(GroupWeights w, int bits) {
    float[] range = range(w);
    float largest = Math.max(-range[0], range[1]);
    int steps = (1 << (bits - 1)) - 1;
    return new GroupGrid(Math.max(largest / steps, SMALLEST), steps + 1f, bits);
  }

  /// GPTQ's search: of a range shrunk by 0 to 79 %, the one with the least Σ |e|^2.4.
  static GroupGrid searched(GroupWeights w, float[] range, int bits) {
    GroupGrid best = shrunk(range, 1, bits);
    double least = best.error(w, Double.POSITIVE_INFINITY);
    for (int k = 1; k < SHRINKS; k++) {
      GroupGrid grid = shrunk(range, 1 - k / 100f, bits);
      double error = grid.error(w, least);
      if (error < least) {
        least = error;
        best = grid;
      }
    }
    return best;
  }

  /// Σ |e|^2.4, or some number from `enough` on: the search needs no more of what has lost already.
  private double error(GroupWeights w, double enough) {
    double sum = 0;
    for (int j = 0; j < w.count() && sum < enough; j++) {
      sum += Math.pow(Math.abs(value(code(w.get(j))) - w.get(j)), POWER);
    }
    return sum;
  }

  /// Least and largest weight, 0 between them.
  static float[] range(GroupWeights w) {
    float least = 0;
    float most = 0;
    for (int j = 0; j < w.count(); j++) {
      least = Math.min(least, w.get(j));
      most = Math.max(most, w.get(j));
    }
    return least == 0 && most == 0 ? new float[] {-1, 1} : new float[] {least, most};
  }

  /// As far down as up.
  static float[] symmetricRange(GroupWeights w) {
    float[] range = range(w);
    float largest = Math.max(-range[0], range[1]);
    return new float[] {-largest, largest};
  }

  /// The grid of a range times `share`; that of a range symmetric around 0 has its zero point in
  /// the middle of the codes.
  static GroupGrid shrunk(float[] range, float share, int bits) {
    float scale = Math.max(share * (range[1] - range[0]) / ((1 << bits) - 1), SMALLEST);
    double zero = range[0] == -range[1] ? 1 << (bits - 1) : Math.rint(-share * range[0] / scale);
    return new GroupGrid(scale, (float) zero, bits);
  }

  @Override
  public float scale() {
    return scale;
  }

  @Override
  public float zero() {
    return zero;
  }

  @Override
  public int code(float weight) {
    return (int) Math.clamp(Math.rint((double) weight / scale + zero), 0, largest);
  }

  @Override
  public float value(int code) {
    return (code - zero) * scale;
  }
}
