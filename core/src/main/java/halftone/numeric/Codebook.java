package halftone.numeric;

/// A table of integers from −127 to 127 that codes point into.
final class Codebook {
  /// The non-linear table of IQ4_NL and IQ4_XS (ggml).
  static final Codebook IQ4 =
      new Codebook(
          -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /// Twice the values of E2M1 (OCP Microscaling v1.0), sign in the top bit; code 8 is a second zero and never chosen.
  static final Codebook E2M1 =
      new Codebook(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

  private final float[] values;
  private final byte[] nearest = new byte[512]; // by ⌊2t⌋ + 256

  private Codebook(int... table) {
    values = new float[table.length];
    for (int i = 0; i < table.length; i++) {
      values[i] = table[i];
    }
    for (int cell = 0; cell < nearest.length; cell++) {
      nearest[cell] = (byte) search(0.5f * (cell - 256) + 0.25f);
    }
  }

  private int search(float t) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (Math.abs(values[i] - t) < Math.abs(values[best] - t)) {
        best = i;
      }
    }
    return best;
  }

  float value(int code) {
    return values[code];
  }

  int size() {
    return values.length;
  }

  /// Code of the entry nearest to `t`; a midpoint goes to the larger entry.
  int nearest(float t) {
    float inside = Math.min(Math.max(t, -128f), 127.5f);
    return nearest[(int) (2.0 * inside + 256.0)]; // exact in double, and never negative
  }

  /// The code whose value times `scale` is nearest to `x` in float arithmetic, the first on ties.
  int nearestScaled(float x, float scale) {
    int best = 0;
    float bestError = Math.abs(values[0] * scale - x);
    for (int i = 1; i < values.length; i++) {
      float error = Math.abs(values[i] * scale - x);
      if (error < bestError) {
        bestError = error;
        best = i;
      }
    }
    return best;
  }
}
