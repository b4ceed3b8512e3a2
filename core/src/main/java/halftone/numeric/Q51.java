package halftone.numeric;

/// Q5_1: 32 weights in 24 bytes, weight = d · q + m. d16 at 0, m16 at 2, the 32 fifth bits at 4,
/// nibbles at 8. Format: ggml.
final class Q51 extends AffineBlock32 {
  Q51() {
    super("Q5_1", 24, 31);
  }

  @Override
  int code(byte[] block, int weight) {
    return Nibbles.get(block, 8, 16, weight) | (Bits.i32(block, 4) >>> weight & 1) << 4;
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Bits.putI32(image, at + 4, FifthBits.of(codes, 0));
    Nibbles.put(codes, 0, 0, image, at + 8, 16);
  }
}
