package halftone.numeric;

/// UE4M3: an unsigned eight-bit float, four bits of exponent (bias 7), three of mantissa; 0x7E =
/// 448 is the largest and 0x7F no number (NVIDIA).
final class Ue4m3 {
  static final float LARGEST = 448;

  private Ue4m3() {}

  /// 0x7F decodes to 0, as in ggml.
  static float decode(int bits) {
    if (bits == 0x7f) {
      return 0;
    }
    int exponent = bits >> 3;
    int mantissa = bits & 7;
    return exponent == 0
        ? Math.scalb((float) mantissa, -9)
        : Math.scalb(1 + mantissa / 8f, exponent - 7);
  }

  /// Rounds half up on the first dropped bit, as ggml does; from 256 on everything becomes 448.
  static int encode(float x) {
    if (!(x > 0)) {
      return 0;
    }
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits >>> 23) - 127 + 7;
    if (exponent <= 0) {
      return Math.min(7, (int) (x * 512 + 0.5f));
    }
    int rounded = (exponent << 3 | bits >> 20 & 7) + (bits >> 19 & 1);
    return rounded >= 15 << 3 ? 0x7e : rounded;
  }
}
