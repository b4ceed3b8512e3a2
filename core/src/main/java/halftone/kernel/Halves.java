package halftone.kernel;

import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Sixteen-bit floats to float32, as many at once as a float vector holds. The Vector API has no
/// conversion of its own for them.
final class Halves {
  /// As many shorts as [MicroKernel#LANES] has floats.
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LANES.vectorBitSize() / 2));

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LANES.vectorShape());

  /// Sign, exponent and fraction of a sign-extended binary16 that was shifted left by 13.
  private static final int FIELDS = 0x8FFFE000;

  /// 2^(127 − 15): what the two exponents' biases differ by.
  private static final float REBIAS = 0x1p112f;

  private Halves() {}

  /// Binary16, exactly, subnormal numbers too. Not for infinity and NaN, which never enter a cache
  /// or a packed weight.
  static FloatVector half(ShortVector bits) {
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.S2I, INTS, 0);
    return wide.lanewise(VectorOperators.LSHL, 13).and(FIELDS).reinterpretAsFloats().mul(REBIAS);
  }

  /// Bfloat16: the upper half of a float32.
  static FloatVector brain(ShortVector bits) {
    IntVector wide = (IntVector) bits.convertShape(VectorOperators.S2I, INTS, 0);
    return wide.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }
}
