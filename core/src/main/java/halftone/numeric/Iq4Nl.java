package halftone.numeric;

/// IQ4_NL: 32 weights in 18 bytes, weight = d · `table[q]` with sixteen uneven entries. d16 at 0,
/// nibbles at 2. Format: ggml.
final class Iq4Nl extends Iq4Format implements OneHalfScale {
  Iq4Nl() {
    super("IQ4_NL", 32, 18);
  }

  @Override
  void fitBlock(Block b) {
    float d = b.scales[0];
    CodebookSearch.round(b, 0, 32, d != 0 ? 1 / d : 0);
    b.step[0] = b.putHalf(0, d);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * Codebook.IQ4.value(Nibbles.get(b, 2, 16, i));
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Nibbles.put(codes, 0, 0, image, at + 2, 16);
  }

  @Override
  public IntegerCodes integers() {
    return Codebook.IQ4.integers(32, IntegerCodes.Scales.HALF);
  }
}
