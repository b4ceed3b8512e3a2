package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// BF16: the upper half of IEEE binary32, little-endian, rounded to even.
final class Bf16 extends FloatFormat {
  Bf16() {
    super("BF16", 2);
  }

  /// NaN stays NaN: its quiet bit is set, so that no rounding carries into the sign.
  static float nearest(float x) {
    int bits = Float.floatToRawIntBits(x);
    int rounded =
        (bits & 0x7fffffff) > 0x7f800000 ? bits | 1 << 22 : bits + (0x7fff + (bits >>> 16 & 1));
    return Float.intBitsToFloat(rounded & 0xffff0000);
  }

  @Override
  void nearest(float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = nearest(from[at + i]);
    }
  }

  @Override
  void put(MemorySegment out, long offset, float value) {
    out.set(SHORT, offset, (short) (Float.floatToRawIntBits(value) >>> 16));
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    short[] bits = shorts(in, offset, count);
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.intBitsToFloat(bits[i] << 16);
    }
  }
}
