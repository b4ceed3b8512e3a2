package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// F32: IEEE binary32, little-endian.
final class F32 extends FloatFormat {
  F32() {
    super("F32", 4);
  }

  @Override
  void nearest(float[] from, int at, float[] to, int toAt, int count) {
    System.arraycopy(from, at, to, toAt, count);
  }

  @Override
  void put(MemorySegment out, long offset, float value) {
    out.set(FLOAT, offset, value);
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    MemorySegment.copy(in, FLOAT, offset, out, at, count);
  }
}
