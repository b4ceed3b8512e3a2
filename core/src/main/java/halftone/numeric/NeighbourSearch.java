package halftone.numeric;

/// The choice among the entries near lattice points, in trials of scales: the first of least error
/// Σ √w · (scale · odd − magnitude)², summed in index order in binary32.
public interface NeighbourSearch {
  /// Chooses one entry in some trials.
  ///
  /// @param points the lattice point of each trial
  /// @param count of trials
  /// @param from the entry's first weight in the group
  /// @param places which of the point's entries was chosen, for each trial
  void choose(int[] points, int count, int from, int[] places);
}
