package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// BF16: the upper half of a binary32, rounded half to even.
final class Bf16 extends FloatingFormat {
  private static final ValueLayout.OfShort LAYOUT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  Bf16() {
    super("BF16", 2);
  }

  @Override
  float rounded(float v) {
    return Float.intBitsToFloat(top(v) << 16);
  }

  @Override
  void put(MemorySegment out, long at, float v) {
    out.set(LAYOUT, at, (short) top(v));
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = Float.intBitsToFloat(in.get(LAYOUT, offset + 2L * i) << 16);
    }
  }

  private static int top(float v) {
    int bits = Float.floatToRawIntBits(v);
    return (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
  }
}
