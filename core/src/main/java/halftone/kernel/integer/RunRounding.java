package halftone.kernel.integer;

import halftone.numeric.Int8Runs;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Rounds a run of 32 inputs to bytes: the bits of [Int8Runs], some lanes at once.
final class RunRounding {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LANES.vectorShape());
  private static final int L = LANES.length();

  /// There are no vectors of 32 bits: on a machine with 128-bit vectors, inputs go one by one.
  private static final boolean WIDE = LANES.vectorBitSize() >= 256;

  /// As many bytes as there are lanes.
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES.vectorBitSize() / 4)));

  private static final int HALF = Int8Runs.RUN / 2;
  private static final int MAGNITUDE = 0x7FFFFFFF;

  /// Added to a float it leaves the nearest integer, ties to even, in the low bits.
  static final float MAGIC = 0x1.8p23f;

  static final int MAGIC_BITS = 0x4B400000;

  /// The bits of infinity.
  static final int INFINITE = 0x7F800000;

  private final int[] sums = new int[2];
  private final int[] words = new int[Int8Runs.RUN / PanelFormat.GROUP];
  private final int[] codes = new int[Int8Runs.RUN];
  private float scale;

  /// Rounds the inputs from `values[from]`.
  void round(float[] values, int from) {
    if (!WIDE || !vectors(values, from)) {
      oneByOne(values, from);
    }
  }

  private void oneByOne(float[] values, int from) {
    scale = Int8Runs.quantize(values, from, codes);
    sums[0] = 0;
    sums[1] = 0;
    for (int i = 0; i < Int8Runs.RUN; i++) {
      sums[i / HALF] += codes[i];
      int byteShift = Byte.SIZE * (i % PanelFormat.GROUP);
      int others = i % PanelFormat.GROUP == 0 ? 0 : words[i / PanelFormat.GROUP];
      words[i / PanelFormat.GROUP] = others | (codes[i] & 0xFF) << byteShift;
    }
  }

  /// Sums of both halves are added up together, in 16 bits each.
  ///
  /// @return false where one of the inputs is no number, or has no end
  private boolean vectors(float[] values, int from) {
    IntVector most = IntVector.zero(INTS);
    for (int i = 0; i < Int8Runs.RUN; i += L) {
      IntVector bits = FloatVector.fromArray(LANES, values, from + i).reinterpretAsInts();
      most = most.max(bits.and(MAGNITUDE)); // of floats without signs the bits rise with the value
    }
    int largestBits = most.reduceLanes(VectorOperators.MAX);
    if (largestBits >= INFINITE) {
      return false;
    }
    float largest = Float.intBitsToFloat(largestBits);
    float inverse = largest < Int8Runs.TINY ? 0 : Int8Runs.LARGEST / largest;
    IntVector sum = IntVector.zero(INTS);
    for (int i = 0; i < Int8Runs.RUN; i += L) {
      FloatVector scaled = FloatVector.fromArray(LANES, values, from + i).mul(inverse);
      IntVector rounded = scaled.add(MAGIC).reinterpretAsInts().sub(MAGIC_BITS);
      sum = sum.add(i < HALF ? rounded : rounded.lanewise(VectorOperators.LSHL, Short.SIZE));
      ByteVector bytes = (ByteVector) rounded.convertShape(VectorOperators.I2B, BYTES, 0);
      bytes.reinterpretAsInts().intoArray(words, i / PanelFormat.GROUP);
    }
    int both = sum.reduceLanes(VectorOperators.ADD);
    sums[0] = (short) both;
    sums[1] = both - sums[0] >> Short.SIZE;
    scale = largest / Int8Runs.LARGEST;
    return true;
  }

  float scale() {
    return scale;
  }

  /// Sum of the codes of the first or the last sixteen.
  int sum(int half) {
    return sums[half];
  }

  /// Four codes, the first in the lowest byte.
  int word(int group) {
    return words[group];
  }
}
