package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Q3_K: 256 weights in 110 bytes, weight = d · (scale − 32) · (q − 4), q of three bits. Third bits
/// at 0 (bit g of byte l belongs to weight 32 · g + l), two-bit fields at 32, sixteen six-bit
/// scales at 96, d16 at 108. Format: ggml, pull request 1684.
final class Q3K extends SymmetricSuperBlock implements IntegerFormat {
  Q3K() {
    super("Q3_K", 110, 4);
  }

  @Override
  void fitAll(Block[] blocks) {
    if (blocks[0].weighted) {
      for (Block b : blocks) {
        b.weighByImportance(2 * Block.sumOfSquares(b.x, 0, 256) / 256, 0, 256);
      }
      search(blocks);
    }
    super.fitAll(blocks);
  }

  @Override
  void fitBlock(Block b) {
    float d = b.putHalf(108, b.weighted ? fitWeighted(b) : fitPlain(b));
    putScales(b);
    requantize(b, d, b.weighted);
  }

  private static float fitWeighted(Block b) {
    for (int g = 0; g < 16; g++) {
      b.groupWeights[g] = b.sumOfWeights(16 * g, 16);
    }
    return SymmetricSearch.leastSquares(b.scales, 0, 16, 32, b.groupWeights, b.scaleCodes);
  }

  private static float fitPlain(Block b) {
    for (int g = 0; g < 16; g++) {
      b.scales[g] = SymmetricSearch.coordinateDescent(b.x, 16 * g, 16, 4, b.codes);
    }
    float max = Block.signedMax(b.scales, 0, 16);
    float inverse = max != 0 ? -32 / max : 0;
    for (int g = 0; g < 16; g++) {
      int code = Bits.clamp(Bits.nearest(inverse * b.scales[g]), -32, 31);
      b.scaleCodes[g] = (byte) (max != 0 ? code : -32); // no scale at all is stored as zero bits
    }
    return max != 0 ? 1 / inverse : 0;
  }

  private static void putScales(Block b) {
    for (int j = 0; j < 8; j++) {
      int low = b.scaleCodes[j] + 32 & 15;
      int high = b.scaleCodes[j + 8] + 32 & 15;
      b.image[b.at + 96 + j] = (byte) (low | high << 4);
    }
    for (int j = 0; j < 4; j++) {
      int packed = 0;
      for (int k = 0; k < 4; k++) {
        packed |= (b.scaleCodes[j + 4 * k] + 32 >> 4) << 2 * k;
      }
      b.image[b.at + 104 + j] = (byte) packed;
    }
  }

  private static int scale(byte[] b, int g) {
    int low = g < 8 ? b[96 + g] & 15 : b[96 + g - 8] >> 4 & 15;
    return (low | (b[104 + (g & 3)] >> 2 * (g >> 2) & 3) << 4) - 32;
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 108);
    for (int g = 0; g < 16; g++) {
      float step = d * scale(b, g);
      for (int i = 16 * g; i < 16 * (g + 1); i++) {
        int high = b[i & 31] >> (i >> 5) & 1;
        out[at + i] = step * (Crumbs.get(b, 32, i) + 4 * high - 4);
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int l = 0; l < 32; l++) {
      int high = 0;
      for (int g = 0; g < 8; g++) {
        high |= (codes[32 * g + l] + 4 >> 2) << g;
      }
      image[at + l] = (byte) high;
    }
    Crumbs.put(codes, 4, image, at + 32);
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.range(16, -4, 3, IntegerCodes.Scales.SUPER);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.supers(Bits.half(b, 108), 0);
    for (int g = 0; g < 16; g++) {
      block.codes(g, scale(b, g), 0);
    }
    block.integersOf(this, in, at);
  }
}
