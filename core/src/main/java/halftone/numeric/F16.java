package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// F16: IEEE binary16, little-endian.
final class F16 extends FloatFormat {
  F16() {
    super("F16", 2);
  }

  @Override
  void nearest(float[] from, int at, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = Float.float16ToFloat(Float.floatToFloat16(from[at + i]));
    }
  }

  @Override
  void put(MemorySegment out, long offset, float value) {
    out.set(SHORT, offset, Float.floatToFloat16(value));
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    short[] bits = shorts(in, offset, count);
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.float16ToFloat(bits[i]);
    }
  }
}
