package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// F16: IEEE binary16.
final class F16 extends FloatingFormat {
  private static final ValueLayout.OfShort LAYOUT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  F16() {
    super("F16", 2);
  }

  @Override
  float rounded(float v) {
    return Float.float16ToFloat(Float.floatToFloat16(v));
  }

  @Override
  void put(MemorySegment out, long at, float v) {
    out.set(LAYOUT, at, Float.floatToFloat16(v));
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.float16ToFloat(in.get(LAYOUT, offset + 2L * i));
    }
  }
}
