package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// A block of an [IntegerFormat], taken apart: weight = step of its group · integer − minimum of
/// its group.
public final class IntegerBlock {
  private static final int BIAS = 1024;

  private final int group;
  private final int smallest;

  /// Where an integer less the smallest stands among all.
  private final byte[] order;

  private final byte[] integers;
  private final float[] steps;
  private final float[] minima;
  private final byte[] scaleCodes;
  private final byte[] minimumCodes;
  private final float[] decoded;
  private float superScale;
  private float superMinimum;

  IntegerBlock(int weights, IntegerCodes codes) {
    group = codes.group();
    smallest = codes.values().getFirst();
    order = new byte[codes.values().getLast() - smallest + 1];
    for (int i = 0; i < codes.values().size(); i++) {
      order[codes.values().get(i) - smallest] = (byte) i;
    }
    int groups = weights / group;
    integers = new byte[weights];
    decoded = new float[weights];
    steps = new float[groups];
    minima = new float[groups];
    scaleCodes = new byte[groups];
    minimumCodes = new byte[groups];
  }

  /// Scale and minimum of a group.
  void group(int group, float step, float minimum) {
    steps[group] = step;
    minima[group] = minimum;
  }

  /// What the small integers of the groups are times.
  void supers(float scale, float minimum) {
    superScale = scale;
    superMinimum = minimum;
  }

  /// A group's small integers, after [#supers].
  void codes(int group, int scale, int minimum) {
    scaleCodes[group] = (byte) scale;
    minimumCodes[group] = (byte) minimum;
    group(group, superScale * scale, superMinimum * minimum);
  }

  void integer(int weight, int value) {
    integers[weight] = (byte) value;
  }

  /// Takes the integers from what a block decodes to, whose groups are set and have no minimum.
  void integersOf(NumberFormat format, MemorySegment in, long at) {
    format.decode(in, at, decoded, 0, decoded.length);
    for (int g = 0; g < steps.length; g++) {
      float inverse = steps[g] == 0 ? 0 : 1 / steps[g];
      for (int i = g * group; i < (g + 1) * group; i++) {
        // Rounds: the bias makes all positive, and conversion cuts off.
        int integer = (int) (decoded[i] * inverse + (BIAS + 0.5f)) - BIAS;
        integers[i] = (byte) (steps[g] == 0 ? smallest : integer);
      }
    }
  }

  /// Where each weight's integer stands among [IntegerCodes#values].
  public void indices(byte[] out) {
    for (int i = 0; i < integers.length; i++) {
      out[i] = order[integers[i] - smallest];
    }
  }

  public int integer(int weight) {
    return integers[weight];
  }

  public float step(int group) {
    return steps[group];
  }

  public float minimum(int group) {
    return minima[group];
  }

  /// For [IntegerCodes.Scales#SUPER]: the step is this times [#scaleCode].
  public float superScale() {
    return superScale;
  }

  public float superMinimum() {
    return superMinimum;
  }

  public int scaleCode(int group) {
    return scaleCodes[group];
  }

  public int minimumCode(int group) {
    return minimumCodes[group];
  }
}
