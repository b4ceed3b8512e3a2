package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ1_S: 50 bytes for 256 weights, 1.5625 bits a weight; can be read, not written. Block: d as
/// binary16, an index byte for each 8 weights, then for each 32 weights a 16-bit word of four times
/// three high index bits, a scale code s at bit 12 and the sign of the shift at bit 15. A weight is
/// d · (2s + 1) · (−1, 0 or 1, ± ⅛).
public final class Iq1S implements NumberFormat {
  private static final BlockLayout LAYOUT = new BlockLayout(256, 50);

  Iq1S() {}

  @Override
  public String id() {
    return "IQ1_S";
  }

  @Override
  public BlockLayout layout() {
    return LAYOUT;
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    long blocks = LAYOUT.bytesOf(count) / LAYOUT.bytes();
    for (int block = 0; block < blocks; block++) {
      decodeBlock(in, offset + (long) block * LAYOUT.bytes(), out, at + block * LAYOUT.weights());
    }
  }

  private static void decodeBlock(MemorySegment in, long from, float[] out, int at) {
    float d = Float.float16ToFloat(in.get(GridFormat.SHORT, from));
    for (int k = 0; k < 32; k++) {
      int word = in.get(GridFormat.SHORT, from + 34 + 2 * (k / 4));
      int low = in.get(ValueLayout.JAVA_BYTE, from + 2 + k) & 0xFF;
      int entry = low | (word >> 3 * (k & 3) & 7) << 8;
      float scale = d * (2 * (word >> 12 & 7) + 1);
      Iq1Points.decode(entry, scale, word < 0 ? -0.125f : 0.125f, out, at + 8 * k);
    }
  }
}
