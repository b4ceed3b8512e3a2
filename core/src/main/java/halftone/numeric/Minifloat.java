package halftone.numeric;

/// Tables of floats of at most eight bits: sign, exponent, mantissa, most significant first; the
/// lowest exponent holds subnormal numbers.
final class Minifloat {
  private Minifloat() {}

  static ElementFormat ofNumbersOnly(int exponentBits, int mantissaBits) {
    if (exponentBits < 1 || mantissaBits < 0 || exponentBits + mantissaBits > 7) {
      throw new IllegalArgumentException(
          "E%dM%d is no float of at most 8 bits; without an exponent it would be an integer"
              .formatted(exponentBits, mantissaBits));
    }
    String id = "E%dM%d".formatted(exponentBits, mantissaBits);
    float[] values = values(exponentBits, mantissaBits);
    return new ElementFormat(id, 1 + exponentBits + mantissaBits, values, true, false);
  }

  static ElementFormat withoutInfinity() {
    float[] values = values(4, 3);
    values[0x7F] = Float.NaN;
    values[0xFF] = Float.NaN;
    return new ElementFormat("F8_E4M3", 8, values, true, false);
  }

  static ElementFormat withInfinity() {
    float[] values = values(5, 2);
    for (int code = 0x7C; code < 0x80; code++) {
      values[code] = code == 0x7C ? Float.POSITIVE_INFINITY : Float.NaN;
      values[code + 0x80] = -values[code];
    }
    return new ElementFormat("F8_E5M2", 8, values, true, false);
  }

  private static float[] values(int exponentBits, int mantissaBits) {
    int bias = (1 << exponentBits - 1) - 1;
    float[] values = new float[2 << exponentBits + mantissaBits];
    int half = values.length / 2;
    for (int code = 0; code < half; code++) {
      int exponent = code >> mantissaBits;
      int mantissa = code & (1 << mantissaBits) - 1;
      int significand = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
      values[code] = Math.scalb((float) significand, Math.max(1, exponent) - bias - mantissaBits);
      values[code + half] = -values[code];
    }
    return values;
  }
}
