package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Q2_K: 256 weights in 84 bytes; 16 groups of 16 with four-bit scale and min. Scales at 0 (low
/// half scale, high half min), two-bit fields at 16, d16 at 80, dmin16 at 82. Format: ggml, pull
/// request 1684.
final class Q2K extends AffineSuperBlock implements IntegerFormat {
  private static final AffineSearch PLAIN = new AffineSearch(3, -0.5f, 0.1f, 15, true);
  private static final AffineSearch WEIGHTED = new AffineSearch(3, -0.9f, 0.05f, 36, false);

  Q2K() {
    super("Q2_K", 84, 16, 3, 15, 80, 82);
  }

  @Override
  AffineSearch search(boolean weighted) {
    return weighted ? WEIGHTED : PLAIN;
  }

  @Override
  void weigh(Block b) {
    if (b.weighted) {
      b.weighByImportance(Block.sumOfSquares(b.x, 0, 256) / 256, 0, 256);
      return;
    }
    for (int i = 0; i < 256; i++) {
      b.w[i] = Math.abs(b.x[i]);
    }
  }

  @Override
  void putScales(Block b) {
    for (int g = 0; g < 16; g++) {
      b.image[b.at + g] = (byte) (b.scaleCodes[g] | b.minCodes[g] << 4);
    }
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 80);
    float dmin = Bits.half(b, 82);
    for (int i = 0; i < 256; i++) {
      int s = b[i >> 4];
      out[at + i] = d * (s & 15) * Crumbs.get(b, 16, i) - dmin * (s >> 4 & 15);
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Crumbs.put(codes, 0, image, at + 16);
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.affine(16, 3, IntegerCodes.Scales.SUPER);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    byte[] b = block(in, at);
    block.supers(Bits.half(b, 80), Bits.half(b, 82));
    for (int g = 0; g < 16; g++) {
      block.codes(g, b[g] & 15, b[g] >> 4 & 15);
    }
    for (int i = 0; i < 256; i++) {
      block.integer(i, Crumbs.get(b, 16, i));
    }
  }
}
