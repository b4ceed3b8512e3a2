package halftone.numeric;

/// The choice among the entries near a lattice point that is none: the first of least error Σ √w ·
/// (scale · odd − magnitude)², summed in index order in binary32.
final class NeighbourSearch {
  /// Entries have four or eight positions.
  private static final int FOUR = 4;

  private final GridNeighbours grid;
  private final int arity;
  private final float[] magnitudes;
  private final float[] rootWeights;

  /// @param magnitudes of a group, and `rootWeights`: read anew in every search
  NeighbourSearch(GridNeighbours grid, int arity, float[] magnitudes, float[] rootWeights) {
    this.grid = grid;
    this.arity = arity;
    this.magnitudes = magnitudes;
    this.rootWeights = rootWeights;
  }

  /// The entry for a lattice point, under a scale.
  ///
  /// @param from the first of its weights
  short best(int point, float scale, int from) {
    short[] neighbours = grid.neighbours();
    int first = grid.starts()[point];
    int end = grid.starts()[point + 1];
    return arity == FOUR
        ? bestOfFour(neighbours, first, end, scale, from)
        : bestOfEight(neighbours, first, end, scale, from);
  }

  private short bestOfFour(short[] neighbours, int first, int end, float scale, int from) {
    float[] odd = grid.odd();
    float m0 = magnitudes[from];
    float m1 = magnitudes[from + 1];
    float m2 = magnitudes[from + 2];
    float m3 = magnitudes[from + 3];
    float w0 = rootWeights[from];
    float w1 = rootWeights[from + 1];
    float w2 = rootWeights[from + 2];
    float w3 = rootWeights[from + 3];
    int best = first;
    float least = Float.POSITIVE_INFINITY;
    for (int n = first; n < end; n++) {
      int entry = neighbours[n] * FOUR;
      float d0 = scale * odd[entry] - m0;
      float d1 = scale * odd[entry + 1] - m1;
      float d2 = scale * odd[entry + 2] - m2;
      float d3 = scale * odd[entry + 3] - m3;
      float error = w0 * d0 * d0 + w1 * d1 * d1 + w2 * d2 * d2 + w3 * d3 * d3;
      best = error < least ? n : best;
      least = error < least ? error : least;
    }
    return neighbours[best];
  }

  /// Errors only grow: most neighbours are out after four positions.
  private short bestOfEight(short[] neighbours, int first, int end, float scale, int from) {
    float[] odd = grid.odd();
    int best = first;
    float least = Float.POSITIVE_INFINITY;
    for (int n = first; n < end; n++) {
      int entry = neighbours[n] * 2 * FOUR;
      float error = addFour(0, odd, entry, scale, from);
      if (error < least) {
        error = addFour(error, odd, entry + FOUR, scale, from + FOUR);
      }
      if (error < least) {
        least = error;
        best = n;
      }
    }
    return neighbours[best];
  }

  private float addFour(float before, float[] odd, int entry, float scale, int from) {
    float[] m = magnitudes;
    float[] w = rootWeights;
    float d0 = scale * odd[entry] - m[from];
    float d1 = scale * odd[entry + 1] - m[from + 1];
    float d2 = scale * odd[entry + 2] - m[from + 2];
    float d3 = scale * odd[entry + 3] - m[from + 3];
    float error = before + w[from] * d0 * d0;
    error += w[from + 1] * d1 * d1;
    error += w[from + 2] * d2 * d2;
    return error + w[from + 3] * d3 * d3;
  }
}
