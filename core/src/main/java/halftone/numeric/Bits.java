package halftone.numeric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian fields of a block, and the roundings the reference uses.
final class Bits {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Bits() {}

  static float half(byte[] bytes, int at) {
    return Float.float16ToFloat((short) SHORT.get(bytes, at));
  }

  static void putHalf(byte[] bytes, int at, float value) {
    SHORT.set(bytes, at, Float.floatToFloat16(value));
  }

  static int u16(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xFFFF;
  }

  static void putU16(byte[] bytes, int at, int value) {
    SHORT.set(bytes, at, (short) value);
  }

  static int i32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static void putI32(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  static float f32(byte[] bytes, int at) {
    return Float.intBitsToFloat(i32(bytes, at));
  }

  static void putF32(byte[] bytes, int at, float value) {
    putI32(bytes, at, Float.floatToRawIntBits(value));
  }

  static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  /// Half to even: adding 1.5·2²³ leaves no fraction bits, which is what the reference does too (|v| < 2²²).
  static int nearest(float v) {
    return Float.floatToRawIntBits(v + 12582912f) - 0x4B400000;
  }

  /// Half away from zero, as C's roundf.
  static int roundAway(float v) {
    return (int) (v < 0 ? -Math.floor(0.5 - (double) v) : Math.floor(0.5 + (double) v));
  }

  static int clamp(int v, int low, int high) {
    return v < low ? low : v > high ? high : v;
  }

  /// The four-bit code of element `i` of a 32-weight block whose nibbles begin at `at`: low nibbles first.
  static int nibble(byte[] bytes, int at, int i) {
    return (bytes[at + (i & 15)] >> (i < 16 ? 0 : 4)) & 15;
  }

  static void setNibble(byte[] bytes, int at, int i, int code) {
    setField(bytes, at + (i & 15), i < 16 ? 0 : 4, 15, code);
  }

  /// Overwrites the bits `mask << shift` of a byte.
  static void setField(byte[] bytes, int at, int shift, int mask, int value) {
    bytes[at] = (byte) ((bytes[at] & ~(mask << shift)) | ((value & mask) << shift));
  }
}
