package halftone.numeric;

/// The scale search of IQ4_NL and IQ4_XS (ggml): sixteen trial scales, each refit by least squares, over the table
/// [Codebook#IQ4].
final class CodebookSearch {
  private static final int TRIES = 7;
  private static final float FIRST = -127; // the table's first entry

  private CodebookSearch() {}

  /// Scale of the `n` weights from `b.x[at]` under the weights `b.w`.
  static float fit(Block b, int at, int n) {
    float max = Block.signedMax(b.x, at, n);
    if (Math.abs(max) < SymmetricSearch.TINY) {
      return 0;
    }
    float scale = -max / FIRST;
    float best = -1; // less than any explained square
    for (int k = -TRIES - 1; k <= TRIES; k++) {
      float inverse = k < -TRIES ? 1 / scale : (k + FIRST) / max;
      float sumQx = 0;
      float sumQ2 = 0;
      for (int i = at; i < at + n; i++) {
        float q = Codebook.IQ4.value(Codebook.IQ4.nearest(inverse * b.x[i]));
        sumQx += b.w[i] * q * b.x[i];
        sumQ2 += b.w[i] * q * q;
      }
      if (k < -TRIES || (sumQ2 > 0 && sumQx * sumQx > best * sumQ2)) {
        scale = sumQx / sumQ2;
        best = scale * sumQx;
      }
    }
    return scale;
  }

  /// Codes of the `n` weights from `b.x[at]` under 1/scale.
  static void round(Block b, int at, int n, float inverse) {
    for (int i = at; i < at + n; i++) {
      b.codes[i] = (byte) Codebook.IQ4.nearest(inverse * b.x[i]);
    }
  }
}
