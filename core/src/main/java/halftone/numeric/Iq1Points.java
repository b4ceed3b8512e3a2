package halftone.numeric;

/// The codebook that IQ1_S and IQ1_M share, read at first use: 2048 points of −1, 0 and 1, which
/// are shifted by +⅛ or −⅛ as a whole.
final class Iq1Points {
  /// Lattice points that are no entry look among the entries at this many smallest distances.
  private static final int DISTANCES = 3;

  /// [GridCells] finds the nearest entry exactly up to here.
  private static final float REACH = 3;

  private static final byte[] POINTS = GridCodebook.IQ1.readPoints();
  private static final float[] PLUS = shifted(0.125f);
  private static final float[] MINUS = shifted(-0.125f);
  private static final Lazily<GridNeighbours> NEIGHBOURS =
      new Lazily<>(() -> GridNeighbours.of(GridCodebook.IQ1, DISTANCES));
  private static final Lazily<GridCells> CELLS = new Lazily<>(() -> GridCells.of(GridCodebook.IQ1));

  private Iq1Points() {}

  private static float[] shifted(float shift) {
    float[] values = new float[POINTS.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = POINTS[i] + shift;
    }
    return values;
  }

  /// Shifted values of all entries: position j of entry e at `8 · e + j`. Not to be written to.
  ///
  /// @param minus 1 for the shift −⅛, 0 for +⅛
  static float[] values(int minus) {
    return minus == 0 ? PLUS : MINUS;
  }

  /// What the encoder considers for lattice points that are no entry.
  static GridNeighbours neighbours() {
    return NEIGHBOURS.get();
  }

  /// The entry nearest to `x[0 … 7]` in units of the scale, less the shift; the lower one of two
  /// equally near.
  static int nearest(float[] x) {
    for (float value : x) {
      if (!(Math.abs(value) <= REACH)) {
        return nearestOfAll(x);
      }
    }
    return CELLS.get().nearest(x, 0);
  }

  private static int nearestOfAll(float[] x) {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int entry = 0; entry < GridCodebook.IQ1.size(); entry++) {
      float square = 0;
      for (int j = 0; j < x.length; j++) {
        float difference = x[j] - POINTS[x.length * entry + j];
        square += difference * difference;
      }
      if (square < least) {
        least = square;
        best = entry;
      }
    }
    return best;
  }

  /// Writes the eight weights `scale · (entry + shift)`.
  static void decode(int entry, int minus, float scale, float[] out, int at) {
    float[] values = values(minus);
    for (int j = 0; j < 8; j++) {
      out[at + j] = scale * values[8 * entry + j];
    }
  }
}
