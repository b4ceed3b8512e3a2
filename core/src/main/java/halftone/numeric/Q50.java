package halftone.numeric;

/// Q5_0: 32 weights in 22 bytes, weight = d · (q − 16). d16 at 0, the 32 fifth bits at 2, nibbles
/// at 6. Format: ggml.
final class Q50 extends SymmetricBlock32 implements OneHalfScale {
  Q50() {
    super(DirectBlock.Q5_0);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    int high = Bits.i32(b, 2);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * ((Nibbles.get(b, 6, 16, i) | (high >>> i & 1) << 4) - 16);
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Bits.putI32(image, at + 2, FifthBits.of(codes, 16));
    Nibbles.put(codes, 0, 16, image, at + 6, 16);
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.range(32, -16, 15, IntegerCodes.Scales.HALF);
  }
}
