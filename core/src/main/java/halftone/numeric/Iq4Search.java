package halftone.numeric;

/// The scale search of IQ4_NL and IQ4_XS: least squares on the non-linear table, fifteen scales around the one that
/// puts the largest magnitude on the table's end.
final class Iq4Search {
  private static final int TRIALS = 7;
  private static final float END = -127;

  private Iq4Search() {}

  /// Weights of a 32-group: x², or with importance v · √(energy + x²).
  static void weigh(float[] x, int at, float[] v, int j, float energy, float[] w) {
    for (int i = 0; i < 32; i++) {
      float square = x[at + i] * x[at + i];
      w[i] = v.length == 0 ? square : v[j + i] * (float) Math.sqrt(energy + square);
    }
  }

  static float scale(float[] x, int at, float[] w) {
    float max = Searches.signedMax(x, at, 32);
    if (Math.abs(max) < Searches.TINY) {
      return 0;
    }
    float d = -max / END;
    float best = -1;
    for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
      float inverse = trial < -TRIALS ? 1 / d : (trial + END) / max;
      float sumQx = 0;
      float sumQ2 = 0;
      for (int i = 0; i < 32; i++) {
        float q = CodebookFormat.IQ4.value(CodebookFormat.IQ4.nearest(inverse * x[at + i]));
        sumQx += w[i] * q * x[at + i];
        sumQ2 += w[i] * q * q;
      }
      boolean first = trial < -TRIALS;
      if (first || (sumQ2 > 0 && sumQx * sumQx > best * sumQ2)) {
        d = sumQx / sumQ2;
        best = d * sumQx;
      }
    }
    return d;
  }
}
