package halftone.numeric;

/// Trials of scales for one group of a grid type ([GridSubject]): each rounds the group's
/// magnitudes to the lattice and takes for points off the grid the neighbour of least error. Not
/// safe for concurrent use.
public interface GridSearch {
  /// Makes the first trials.
  ///
  /// @param count at most as many as the subject has scales
  void run(int count);

  /// Σ weight · magnitude · odd of a trial, summed in index order in binary32.
  float xq(int trial);

  /// Σ weight · odd², summed likewise.
  float qq(int trial);

  /// The number of the lattice point that a trial rounded an entry to.
  int point(int entry, int trial);

  /// Which of the point's neighbours it took.
  int place(int entry, int trial);
}
