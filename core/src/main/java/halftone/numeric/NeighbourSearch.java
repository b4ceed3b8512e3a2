package halftone.numeric;

/// The choice among the entries near a lattice point that is none: the first of least error Σ √w ·
/// (scale · odd − magnitude)², summed in index order in binary32.
final class NeighbourSearch {
  private final GridNeighbours grid;
  private final float[] magnitudes;
  private final float[] rootWeights;
  private final ScaleTrials trials = ScaleTrials.fastest();

  /// @param magnitudes of a group, and `rootWeights`: read anew in every search
  NeighbourSearch(GridNeighbours grid, float[] magnitudes, float[] rootWeights) {
    this.grid = grid;
    this.magnitudes = magnitudes;
    this.rootWeights = rootWeights;
  }

  /// The entry for a lattice point, under a scale.
  ///
  /// @param from the first of its weights
  short best(int point, float scale, int from) {
    NeighbourLanes lanes = grid.lanes();
    int first = lanes.starts()[point];
    int count = lanes.starts()[point + 1] - first;
    int best = trials.nearest(lanes, first, count, scale, magnitudes, rootWeights, from);
    return grid.neighbours()[grid.starts()[point] + best];
  }
}
