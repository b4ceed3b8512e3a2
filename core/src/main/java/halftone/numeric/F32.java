package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// F32: IEEE binary32.
final class F32 extends FloatingFormat {
  private static final ValueLayout.OfFloat LAYOUT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  F32() {
    super("F32", 4);
  }

  @Override
  float rounded(float v) {
    return v;
  }

  @Override
  void put(MemorySegment out, long at, float v) {
    out.set(LAYOUT, at, v);
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = in.get(LAYOUT, offset + 4L * i);
    }
  }
}
