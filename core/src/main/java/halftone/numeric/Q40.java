package halftone.numeric;

/// Q4_0: 32 weights in 18 bytes, weight = d · (q − 8). d16 at 0, nibbles at 2. Format: ggml.
final class Q40 extends SymmetricBlock32 {
  Q40() {
    super(DirectBlock.Q4_0);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * (Nibbles.get(b, 2, 16, i) - 8);
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Nibbles.put(codes, 0, 8, image, at + 2, 16);
  }
}
