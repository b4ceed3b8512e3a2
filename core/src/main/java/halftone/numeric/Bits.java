package halftone.numeric;

/// Rounding, and little-endian fields of blocks.
final class Bits {
  /// 1.5 · 2²³: added to a float below 2²², it leaves the nearest integer in the low bits, ties to
  /// even; taken off again, that integer.
  static final float MAGIC = 12582912f;

  private Bits() {}

  /// Nearest integer, ties to even, for |v| < 2²²; outside, the same low bits as the reference's
  /// trick leaves.
  static int nearest(float v) {
    return (Float.floatToRawIntBits(v + MAGIC) & 0x7fffff) - 0x400000;
  }

  /// Nearest integer, ties away from zero.
  static int nearestAway(float v) {
    return (int) (v + Math.copySign(0.5, v));
  }

  static int clamp(int v, int low, int high) {
    return Math.max(low, Math.min(high, v));
  }

  static int u16(byte[] b, int at) {
    return (b[at] & 0xff) | (b[at + 1] & 0xff) << 8;
  }

  static int i32(byte[] b, int at) {
    return u16(b, at) | u16(b, at + 2) << 16;
  }

  static void putU16(byte[] b, int at, int value) {
    b[at] = (byte) value;
    b[at + 1] = (byte) (value >> 8);
  }

  static void putI32(byte[] b, int at, int value) {
    putU16(b, at, value);
    putU16(b, at + 2, value >>> 16);
  }

  static float half(byte[] b, int at) {
    return Float.float16ToFloat((short) u16(b, at));
  }

  /// Stores `value` as binary16, ties to even, overflow to infinity, and returns it as stored.
  static float putHalf(byte[] b, int at, float value) {
    short half = Float.floatToFloat16(value);
    putU16(b, at, half);
    return Float.float16ToFloat(half);
  }
}
