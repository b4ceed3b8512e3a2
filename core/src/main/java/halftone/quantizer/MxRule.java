package halftone.quantizer;

import halftone.numeric.ElementFormat;

/// How the exponent of a microscaling block follows from its largest magnitude.
public enum MxRule {
  /// The standard's: ⌊log₂ max⌋ less the exponent of the format's largest number. What lies above
  /// that number is cut off.
  FLOOR,
  /// The exponent of the largest magnitude rounded up to a power of two.
  CEIL,
  /// The least power of two under which nothing is cut off.
  RCEIL,
  /// The standard's after the largest magnitude is rounded to the format's mantissa, half-way up.
  EVEN;

  private static final int LEAST = -127;
  private static final int MOST = 127;
  private static final int FLOAT_MANTISSA = 23;

  /// @param max finite, ≥ 0; a block of zeros gets the least exponent
  int exponent(float max, ElementFormat element) {
    if (max == 0) {
      return LEAST;
    }
    int largest = Math.getExponent(element.largest());
    int exponent =
        switch (this) {
          case FLOOR -> floorLog2(max) - largest;
          case CEIL -> ceilLog2(max) - largest;
          case RCEIL -> ceilLog2((double) max / element.largest());
          case EVEN -> floorLog2(roundedToMantissa(max, mantissaBits(element))) - largest;
        };
    return Math.clamp(exponent, LEAST, MOST);
  }

  /// How many bits of the largest number lie behind its highest.
  private static int mantissaBits(ElementFormat element) {
    int significand = Float.floatToRawIntBits(element.largest()) & (1 << FLOAT_MANTISSA) - 1;
    return FLOAT_MANTISSA - Math.min(FLOAT_MANTISSA, Integer.numberOfTrailingZeros(significand));
  }

  private static float roundedToMantissa(float max, int bits) {
    int half = 1 << FLOAT_MANTISSA - bits - 1;
    int rounded = Float.floatToRawIntBits(max) + half;
    return Float.intBitsToFloat(rounded & -(half << 1));
  }

  private static int floorLog2(double x) {
    return Math.getExponent(x);
  }

  private static int ceilLog2(double x) {
    int floor = Math.getExponent(x);
    return Math.scalb(1.0, floor) == x ? floor : floor + 1;
  }
}
