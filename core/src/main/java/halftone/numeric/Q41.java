package halftone.numeric;

/// Q4_1: 32 weights in 20 bytes, weight = d · q + m. d16 at 0, m16 at 2, nibbles at 4. Format:
/// ggml.
final class Q41 extends AffineBlock32 {
  Q41() {
    super("Q4_1", 20, 15);
  }

  @Override
  int code(byte[] block, int weight) {
    return Nibbles.get(block, 4, 16, weight);
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Nibbles.put(codes, 0, 0, image, at + 4, 16);
  }
}
