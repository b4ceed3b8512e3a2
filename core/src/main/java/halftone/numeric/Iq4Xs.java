package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// IQ4_XS: 256 weights in 136 bytes, weight = d · (scale − 32) · `table[q]`, eight groups of 32
/// with a six-bit scale. d16 at 0, high two bits of the scales at 2, low four at 4, nibbles at 8.
/// Format: ggml.
final class Iq4Xs extends Iq4Format implements IntegerFormat {
  Iq4Xs() {
    super("IQ4_XS", 256, 136);
  }

  @Override
  void fitBlock(Block b) {
    float d = -Block.signedMax(b.scales, 0, 8) / 32;
    float inverse = d != 0 ? 1 / d : 0;
    float stored = b.putHalf(0, d);
    for (int g = 0; g < 8; g++) {
      int scale = Bits.clamp(Bits.nearest(inverse * b.scales[g]), -32, 31);
      float unrounded = d * scale;
      CodebookSearch.round(b, 32 * g, 32, unrounded != 0 ? 1 / unrounded : 0);
      b.scaleCodes[g] = (byte) (scale + 32);
      b.step[g] = stored * scale;
    }
    putScales(b);
  }

  private static void putScales(Block b) {
    int high = 0;
    for (int g = 0; g < 8; g++) {
      high |= b.scaleCodes[g] >> 4 << 2 * g;
    }
    Bits.putU16(b.image, b.at + 2, high);
    for (int j = 0; j < 4; j++) {
      int low = b.scaleCodes[2 * j] & 15 | (b.scaleCodes[2 * j + 1] & 15) << 4;
      b.image[b.at + 4 + j] = (byte) low;
    }
  }

  private static int scale(byte[] b, int g) {
    return (b[4 + (g >> 1)] >> 4 * (g & 1) & 15 | (Bits.u16(b, 2) >> 2 * g & 3) << 4) - 32;
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int g = 0; g < 8; g++) {
      float step = d * scale(b, g);
      for (int i = 0; i < 32; i++) {
        out[at + 32 * g + i] = step * Codebook.IQ4.value(Nibbles.get(b, 8 + 16 * g, 16, i));
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int g = 0; g < 8; g++) {
      Nibbles.put(codes, 32 * g, 0, image, at + 8 + 16 * g, 16);
    }
  }

  @Override
  public IntegerCodes integers() {
    return Codebook.IQ4.integers(32, IntegerCodes.Scales.SUPER);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.supers(Bits.half(b, 0), 0);
    for (int g = 0; g < 8; g++) {
      block.codes(g, scale(b, g), 0);
    }
    block.integersOf(this, in, at);
  }
}
