package halftone.numeric;

/// Q8_0: 32 weights in 34 bytes, weight = d · q. d16 at 0, signed bytes at 2. Format: ggml.
final class Q80 extends BlockWeightFormat {
  Q80() {
    super("Q8_0", 32, 34);
  }

  @Override
  int group() {
    return 32;
  }

  @Override
  DirectBlock direct() {
    return DirectBlock.Q8_0;
  }

  /// The encoder never writes −128, so rounding does not either.
  @Override
  BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, -127, 127, false);
  }

  @Override
  void fitBlock(Block b) {
    float d = Math.abs(Block.signedMax(b.x, 0, 32)) / 127;
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) {
      b.codes[i] = (byte) Bits.nearestAway(b.x[i] * inverse);
    }
    b.step[0] = b.putHalf(0, d);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * b[2 + i];
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    System.arraycopy(codes, 0, image, at + 2, 32);
  }
}
