package halftone.numeric;

/// What Q4_K and Q5_K share: eight groups of 32 with six-bit scale and min; d16 at 0, dmin16 at 2,
/// scales at 4.
abstract class AffineSuperBlock32 extends AffineSuperBlock {
  private final AffineSearch plain;
  private final AffineSearch weighted;

  AffineSuperBlock32(String id, int bytes, AffineSearch plain) {
    super(id, bytes, 32, plain.maxCode(), 63, 0, 2);
    this.plain = plain;
    this.weighted = new AffineSearch(plain.maxCode(), -0.9f, 0.05f, 36, false);
  }

  @Override
  final AffineSearch search(boolean importance) {
    return importance ? weighted : plain;
  }

  @Override
  final void weigh(Block b) {
    if (b.weighted) {
      b.weighByImportance(2 * Block.sumOfSquares(b.x, 0, 256) / 256, 0, 256);
      return;
    }
    for (int at = 0; at < 256; at += 32) {
      float rms = (float) Math.sqrt(Block.sumOfSquares(b.x, at, 32) / 32);
      for (int i = at; i < at + 32; i++) {
        b.w[i] = rms + Math.abs(b.x[i]);
      }
    }
  }

  @Override
  final void putScales(Block b) {
    SixBitScales.put(b.scaleCodes, b.minCodes, b.image, b.at + 4);
  }
}
