package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Q5_K: 256 weights in 176 bytes, as Q4_K with a fifth bit: bit g of byte l at 16 belongs to
/// weight 32 · g + l. Nibbles at 48. Format: ggml, pull request 1684.
final class Q5K extends AffineSuperBlock32 implements IntegerFormat {
  Q5K() {
    super("Q5_K", 176, new AffineSearch(31, -0.5f, 0.1f, 15, false));
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    float dmin = Bits.half(b, 2);
    for (int g = 0; g < 8; g++) {
      float step = d * SixBitScales.scale(b, 4, g);
      float min = dmin * SixBitScales.min(b, 4, g);
      int bytes = 48 + 32 * (g >> 1);
      int shift = 4 * (g & 1);
      for (int l = 0; l < 32; l++) {
        int q = b[bytes + l] >> shift & 15 | (b[16 + l] >> g & 1) << 4;
        out[at + 32 * g + l] = step * q - min;
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int pair = 0; pair < 4; pair++) {
      Nibbles.put(codes, 64 * pair, 0, image, at + 48 + 32 * pair, 32);
    }
    for (int l = 0; l < 32; l++) {
      int high = 0;
      for (int g = 0; g < 8; g++) {
        high |= (codes[32 * g + l] >> 4) << g;
      }
      image[at + 16 + l] = (byte) high;
    }
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.affine(32, 31, IntegerCodes.Scales.SUPER);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.supers(Bits.half(b, 0), Bits.half(b, 2));
    for (int g = 0; g < 8; g++) {
      block.codes(g, SixBitScales.scale(b, 4, g), SixBitScales.min(b, 4, g));
    }
    for (int i = 0; i < 256; i++) {
      int low = b[48 + 32 * (i >> 6) + (i & 31)] >> 4 * (i >> 5 & 1) & 15;
      block.integer(i, low | (b[16 + (i & 31)] >> (i >> 5) & 1) << 4);
    }
  }
}
