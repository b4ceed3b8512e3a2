package halftone.numeric;

/// Q4_K: 256 weights in 144 bytes, weight = d · scale · q − dmin · min. Nibbles at 16: of each 64
/// weights the first 32 in the low halves of 32 bytes. Format: ggml, pull request 1684.
final class Q4K extends AffineSuperBlock32 {
  Q4K() {
    super("Q4_K", 144, new AffineSearch(15, -1f, 0.1f, 20, false));
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    float dmin = Bits.half(b, 2);
    for (int g = 0; g < 8; g++) {
      float step = d * SixBitScales.scale(b, 4, g);
      float min = dmin * SixBitScales.min(b, 4, g);
      int bytes = 16 + 32 * (g >> 1);
      int shift = 4 * (g & 1);
      for (int l = 0; l < 32; l++) {
        out[at + 32 * g + l] = step * (b[bytes + l] >> shift & 15) - min;
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int pair = 0; pair < 4; pair++) {
      Nibbles.put(codes, 64 * pair, 0, image, at + 16 + 32 * pair, 32);
    }
  }
}
