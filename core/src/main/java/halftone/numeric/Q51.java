package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Q5_1: 32 weights in 24 bytes, weight = d · q + m. d16 at 0, m16 at 2, the 32 fifth bits at 4,
/// nibbles at 8. Format: ggml.
final class Q51 extends AffineBlock32 implements IntegerFormat {
  Q51() {
    super("Q5_1", 24, 31);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    float m = Bits.half(b, 2);
    int high = Bits.i32(b, 4);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * (Nibbles.get(b, 8, 16, i) | (high >>> i & 1) << 4) + m;
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Bits.putI32(image, at + 4, FifthBits.of(codes, 0));
    Nibbles.put(codes, 0, 0, image, at + 8, 16);
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.affine(32, 31, IntegerCodes.Scales.HALF);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.group(0, Bits.half(b, 0), -Bits.half(b, 2));
    int high = Bits.i32(b, 4);
    for (int i = 0; i < 32; i++) {
      block.integer(i, Nibbles.get(b, 8, 16, i) | (high >>> i & 1) << 4);
    }
  }
}
