package halftone.kernel;

/// e^x for x ≤ 0 in float arithmetic: x = n·ln 2 + r with |r| ≤ ½ ln 2, a polynomial in r, and n
/// put into the exponent. The constants are shared by the scalar and the vector form, which agree
/// to the bit.
final class ExponentialScalar {
  /// Below this the result would no longer be a normal float.
  static final float LOWEST = -87f;

  static final float LOG2_E = 1.44269504f;

  /// 1.5·2²³: adding it leaves the nearest integer in the low bits of the significand.
  static final float ROUNDER = 12582912f;

  /// ln 2 in two parts, the first with so few bits that n times it is exact.
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  /// Minimax polynomial of (e^r − 1 − r) / r² on |r| ≤ ½ ln 2, highest power first (Cephes `expf`).
  static final float P0 = 1.9875691500e-4f;

  static final float P1 = 1.3981999507e-3f;
  static final float P2 = 8.3334519073e-3f;
  static final float P3 = 4.1665795894e-2f;
  static final float P4 = 1.6666665459e-1f;
  static final float P5 = 5.0000001201e-1f;

  private ExponentialScalar() {}

  static float of(float x) {
    float clamped = Math.max(x, LOWEST);
    float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    float sum = Math.fma(P0, r, P1);
    sum = Math.fma(sum, r, P2);
    sum = Math.fma(sum, r, P3);
    sum = Math.fma(sum, r, P4);
    sum = Math.fma(sum, r, P5);
    float value = Math.fma(sum, r * r, r) + 1f;
    return value * powerOfTwo(shifted);
  }

  /// The integer sits in the lowest bits of `shifted`; moved up by 23 it is an exponent.
  private static float powerOfTwo(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + 0x3F800000);
  }
}
