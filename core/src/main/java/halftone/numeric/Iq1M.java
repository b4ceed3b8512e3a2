package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ1_M: 56 bytes for 256 weights, 1.75 bits a weight; can be read, not written. Block: an index
/// byte for each 8 weights, then four bits for each 8 weights (three high index bits and the sign
/// of the shift), then four 16-bit words of four times three bits of scale code s (for 16 weights
/// each), whose top four bits together are d as binary16. A weight is d · (2s + 1) · (−1, 0 or 1, ±
/// ⅛).
public final class Iq1M implements NumberFormat {
  private static final BlockLayout LAYOUT = new BlockLayout(256, 56);

  Iq1M() {}

  @Override
  public String id() {
    return "IQ1_M";
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
    float d = scale(in, from + 48);
    for (int k = 0; k < 32; k++) {
      int nibble = in.get(ValueLayout.JAVA_BYTE, from + 32 + k / 2) >> 4 * (k & 1);
      int low = in.get(ValueLayout.JAVA_BYTE, from + k) & 0xFF;
      int code = in.get(GridFormat.SHORT, from + 48 + 2 * (k / 8)) >> 3 * (k / 2 & 3) & 7;
      Iq1Points.decode(
          low | (nibble & 7) << 8,
          d * (2 * code + 1),
          (nibble & 8) != 0 ? -0.125f : 0.125f,
          out,
          at + 8 * k);
    }
  }

  private static float scale(MemorySegment in, long at) {
    int half = 0;
    for (int i = 0; i < 4; i++) {
      half |= (in.get(GridFormat.SHORT, at + 2 * i) >> 12 & 15) << 4 * i;
    }
    return Float.float16ToFloat((short) half);
  }
}
