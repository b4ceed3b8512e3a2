package halftone.numeric;

/// Q2_0: 64 weights in 18 bytes, weight = d · (q − 1): −d, 0, d or 2d. d16 at 0, two-bit fields in
/// order at 2. Format: ggml.
final class Q20 extends BlockWeightFormat implements OneHalfScale {
  Q20() {
    super("Q2_0", 64, 18);
  }

  @Override
  int group() {
    return 64;
  }

  @Override
  BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, -1, 2, false);
  }

  @Override
  void fitBlock(Block b) {
    float d = Math.abs(Block.signedMax(b.x, 0, 64));
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 64; i++) {
      b.codes[i] = (byte) Bits.clamp(Bits.nearestAway(b.x[i] * inverse), -1, 2);
    }
    b.step[0] = b.putHalf(0, d);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 64; i++) {
      out[at + i] = d * ((b[2 + (i >> 2)] >> 2 * (i & 3) & 3) - 1);
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int i = 0; i < 16; i++) {
      int packed = 0;
      for (int k = 0; k < 4; k++) {
        packed |= codes[4 * i + k] + 1 << 2 * k;
      }
      image[at + 2 + i] = (byte) packed;
    }
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.range(64, -1, 2, IntegerCodes.Scales.HALF);
  }
}
