package halftone.numeric;

/// What encoders spend their time in: trials of the scale searches, on many groups at once, and the
/// choice among neighbours in a grid. Every way gives the same bits. What makes them in vectors is
/// another room's and is found as a service; without it plain loops do.
public interface ScaleTrials {
  /// Trials of an [AffineSearch] on groups whose extents, sums and first error are known: sets
  /// `scale`, `min`, `inverse` and `base` to those of the best.
  void affine(AffineSearch search, Lanes groups);

  /// Trials of grids without offset, −limit ≤ code < limit, on groups whose `max` is known: sets
  /// `scale` and `inverse` to those of the best.
  void symmetric(int limit, Lanes groups);

  /// Trials of scales under which codes are places in a table, on groups whose `max` is known: sets
  /// `scale` to that of the best. The first maps the largest magnitude to minus the first entry, of
  /// the others number k to the first entry plus k, −reach ≤ k ≤ reach.
  ///
  /// @param entries whole numbers, ascending, not 0; a number half-way between two goes to the
  ///   larger
  void uneven(float[] entries, int reach, Lanes groups);

  /// Which of a lattice point's neighbours has the least error Σ √w · (scale · odd − magnitude)²,
  /// the first of several: errors are summed position by position.
  ///
  /// @param first of the point's eights
  /// @param count of them
  /// @param magnitudes from `at` on, one a position; `rootWeights` likewise
  default int nearest(
      NeighbourLanes neighbours,
      int first,
      int count,
      float scale,
      float[] magnitudes,
      float[] rootWeights,
      int at) {
    byte[] odds = neighbours.odds();
    int arity = neighbours.arity();
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int lane = 0; lane < count * NeighbourLanes.WIDTH; lane++) {
      int from =
          (first + lane / NeighbourLanes.WIDTH) * arity * NeighbourLanes.WIDTH
              + lane % NeighbourLanes.WIDTH;
      float error = 0;
      for (int j = 0; j < arity; j++) {
        float d = scale * odds[from + j * NeighbourLanes.WIDTH] - magnitudes[at + j];
        error += rootWeights[at + j] * d * d;
      }
      best = error < least ? lane : best;
      least = error < least ? error : least;
    }
    return best;
  }

  /// The fastest here.
  static ScaleTrials fastest() {
    return FoundTrials.FASTEST;
  }
}
