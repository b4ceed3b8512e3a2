package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Q4_1: 32 weights in 20 bytes, weight = d · q + m. d16 at 0, m16 at 2, nibbles at 4. Format:
/// ggml.
final class Q41 extends AffineBlock32 implements IntegerFormat {
  Q41() {
    super("Q4_1", 20, 15);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    float m = Bits.half(b, 2);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * Nibbles.get(b, 4, 16, i) + m;
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Nibbles.put(codes, 0, 0, image, at + 4, 16);
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.affine(32, 15, IntegerCodes.Scales.HALF);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.group(0, Bits.half(b, 0), -Bits.half(b, 2));
    for (int i = 0; i < 32; i++) {
      block.integer(i, Nibbles.get(b, 4, 16, i));
    }
  }
}
