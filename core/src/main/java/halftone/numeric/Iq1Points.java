package halftone.numeric;

/// The codebook that IQ1_S and IQ1_M share, read at first use: 2048 points of −1, 0 and 1.
final class Iq1Points {
  private static final byte[] POINTS = GridCodebook.IQ1.readPoints();

  private Iq1Points() {}

  /// Writes the eight weights `scale · (entry + shift)`.
  static void decode(int entry, float scale, float shift, float[] out, int at) {
    for (int j = 0; j < 8; j++) {
      out[at + j] = scale * (POINTS[8 * entry + j] + shift);
    }
  }
}
