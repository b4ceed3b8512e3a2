package halftone.hardware;

import halftone.numeric.ElementFormat;

/// An element format as multiples of its unit, the largest power of two that all its numbers are
/// multiples of.
///
/// @param magnitudeBits of the largest number over the unit, without sign
/// @param significandBits of the longest number between its first and last one
record FixedPoint(int magnitudeBits, int significandBits) {
  private static final int MOST = 300;

  /// @throws IllegalArgumentException when numbers have no common unit to speak of, as NF4's
  static FixedPoint of(ElementFormat format) {
    int lowest = Integer.MAX_VALUE;
    int highest = Integer.MIN_VALUE;
    int longest = 0;
    for (int code = 0; code < 1 << format.bits(); code++) {
      float value = format.value(code);
      if (Float.isFinite(value) && value != 0) {
        int last = lastOne(value);
        int first = Math.getExponent(value);
        lowest = Math.min(lowest, last);
        highest = Math.max(highest, first);
        longest = Math.max(longest, first - last + 1);
      }
    }
    int magnitude = highest - lowest + 1;
    if (longest > format.bits() || magnitude > MOST) {
      throw new IllegalArgumentException(
          format.id() + " has no unit that all its numbers are small multiples of");
    }
    return new FixedPoint(magnitude, longest);
  }

  /// The exponent of the last one in a normal number.
  private static int lastOne(float value) {
    int significand = Float.floatToRawIntBits(value) & 0x7FFFFF | 0x800000;
    return Math.getExponent(value) - 23 + Integer.numberOfTrailingZeros(significand);
  }

  /// In how many places a significand can stand.
  int places() {
    return magnitudeBits - significandBits + 1;
  }
}
