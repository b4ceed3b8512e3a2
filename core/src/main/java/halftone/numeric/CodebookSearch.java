package halftone.numeric;

/// The scale search of IQ4_NL and IQ4_XS (ggml): sixteen trial scales, each refit by least squares,
/// over the table [Codebook#IQ4].
final class CodebookSearch {
  private static final int TRIES = 7;
  private static final float FIRST = -127; // the table's first entry

  private CodebookSearch() {}

  /// Sets `scale` of all groups; one that is all zero gets 0.
  static void fit(Lanes g) {
    g.findSignedMax();
    for (int lane = 0; lane < g.count; lane++) {
      g.trialInverse[lane] = 1 / (-g.max[lane] / FIRST);
    }
    trial(g);
    for (int lane = 0; lane < g.count; lane++) {
      g.scale[lane] = g.sumLx[lane] / g.sumL2[lane];
      g.best[lane] = g.scale[lane] * g.sumLx[lane];
    }
    for (int k = -TRIES; k <= TRIES; k++) {
      for (int lane = 0; lane < g.count; lane++) {
        g.trialInverse[lane] = (k + FIRST) / g.max[lane];
      }
      trial(g);
      accept(g);
    }
    for (int lane = 0; lane < g.count; lane++) {
      g.scale[lane] = Math.abs(g.max[lane]) < SymmetricSearch.TINY ? 0 : g.scale[lane];
    }
  }

  private static void trial(Lanes g) {
    g.clearSums();
    for (int i = 0; i < g.n; i++) {
      lookUp(g.count, g.x[i], g.trialInverse, g.code[i]);
      sum(g.count, g.x[i], g.w[i], g.code[i], g.sumLx, g.sumL2);
    }
  }

  private static void lookUp(int count, float[] x, float[] inverse, float[] value) {
    for (int g = 0; g < count; g++) {
      value[g] = Codebook.IQ4.value(Codebook.IQ4.nearest(inverse[g] * x[g]));
    }
  }

  private static void sum(
      int count, float[] x, float[] w, float[] value, float[] sumQx, float[] sumQ2) {
    for (int g = 0; g < count; g++) {
      float wq = w[g] * value[g];
      sumQx[g] += wq * x[g];
      sumQ2[g] += wq * value[g];
    }
  }

  private static void accept(Lanes g) {
    for (int lane = 0; lane < g.count; lane++) {
      float sumQx = g.sumLx[lane];
      float sumQ2 = g.sumL2[lane];
      if (sumQ2 > 0 && sumQx * sumQx > g.best[lane] * sumQ2) {
        g.scale[lane] = sumQx / sumQ2;
        g.best[lane] = g.scale[lane] * sumQx;
      }
    }
  }

  /// Codes of the `n` weights from `b.x[at]` under 1/scale.
  static void round(Block b, int at, int n, float inverse) {
    for (int i = at; i < at + n; i++) {
      b.codes[i] = (byte) Codebook.IQ4.nearest(inverse * b.x[i]);
    }
  }
}
