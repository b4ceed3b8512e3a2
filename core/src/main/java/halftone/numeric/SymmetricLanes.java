package halftone.numeric;

/// [SymmetricSearch#leastSquares] for many groups at once, with the same results.
final class SymmetricLanes {
  private SymmetricLanes() {}

  /// Fits all groups: sets `scale` and `inverse`, and `base` and `min` to 0. A group that is all
  /// zero gets scale 0; its codes are −limit.
  static void fit(Lanes g, int limit) {
    g.findSignedMax();
    ScaleTrials.fastest().symmetric(limit, g);
    for (int lane = 0; lane < g.count; lane++) {
      boolean zero = Math.abs(g.max[lane]) < SymmetricSearch.TINY;
      g.scale[lane] = zero ? 0 : g.scale[lane];
      g.inverse[lane] = zero ? 0 : g.inverse[lane];
      g.base[lane] = 0;
      g.min[lane] = 0;
    }
  }
}
