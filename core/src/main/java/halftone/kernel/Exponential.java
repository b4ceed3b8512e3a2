package halftone.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// eˣ in float32 within 2 units in the last place, the same bits on every CPU (the JDK's own vector
/// exponential is not), for one number and for a vector. Method: x = n·ln 2 + r, |r| ≤ ½ ln 2, and
/// a polynomial of degree 6 in r (Cody and Waite 1980; coefficients of Cephes `expf`).
final class Exponential {
  private static final VectorSpecies<Float> LANES = MicroKernel.LANES;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, LANES.vectorShape());

  /// Adding 1.5 · 2²³ leaves the nearest integer in the low bits.
  static final float ROUND = 0x1.8p23f;

  /// e^x is below the smallest normal float from here on, and counts as zero.
  static final float LOWEST = -87.3f;

  static final float HIGHEST = 88.3f;
  static final float LOG2_E = 1.44269504f;

  /// ln 2 in two parts; n times the first is exact.
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  /// Minimax polynomial of (eʳ − 1 − r) / r², highest power first.
  static final float P0 = 1.9875691500e-4f;

  static final float P1 = 1.3981999507e-3f;
  static final float P2 = 8.3334519073e-3f;
  static final float P3 = 4.1665795894e-2f;
  static final float P4 = 1.6666665459e-1f;
  static final float P5 = 5.0000001201e-1f;

  /// The bits of 1.0f.
  private static final int ONE = 0x3F800000;

  private Exponential() {}

  /// eˣ, zero below −87.3, and e^88.3 above 88.3; NaN stays NaN.
  static float of(float x) {
    if (x < LOWEST) {
      return 0;
    }
    float y = x > HIGHEST ? HIGHEST : x;
    float shifted = Math.fma(y, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, y));
    float p = Math.fma(P0, r, P1);
    p = Math.fma(p, r, P2);
    p = Math.fma(p, r, P3);
    p = Math.fma(p, r, P4);
    p = Math.fma(p, r, P5);
    p = Math.fma(p, r * r, r) + 1f;
    return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE);
  }

  /// [#of(float)] of every lane, bit for bit. It calls nothing but the JDK: a method of ours that
  /// the compiler did not inline here, as it sometimes did not, would box every vector.
  static FloatVector of(FloatVector x) {
    VectorMask<Float> zero = x.compare(VectorOperators.LT, LOWEST);
    VectorMask<Float> large = x.compare(VectorOperators.GT, HIGHEST);
    FloatVector y = x.blend(LOWEST, zero).blend(HIGHEST, large);
    FloatVector shifted =
        y.fma(FloatVector.broadcast(LANES, LOG2_E), FloatVector.broadcast(LANES, ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(LANES, -LN2_HIGH), y);
    r = n.fma(FloatVector.broadcast(LANES, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(LANES, P0);
    p = p.fma(r, FloatVector.broadcast(LANES, P1));
    p = p.fma(r, FloatVector.broadcast(LANES, P2));
    p = p.fma(r, FloatVector.broadcast(LANES, P3));
    p = p.fma(r, FloatVector.broadcast(LANES, P4));
    p = p.fma(r, FloatVector.broadcast(LANES, P5));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector power = exponent.add(IntVector.broadcast(INTS, ONE)).reinterpretAsFloats();
    return p.mul(power).blend(0f, zero);
  }
}
