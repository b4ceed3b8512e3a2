package halftone.numeric;

/// How the reference encoder of a grid type searches a group's scale. Levels l stand for the odd
/// numbers 2l + 1. Found from published descriptions and by experiment against the library, whose
/// bytes it reproduces.
///
/// @param step the k-th trial scales the group's largest magnitude to `2·levels − 1 + k·step`
/// @param reach trials run from k = −reach to reach
/// @param largest what the trials take for the largest magnitude
/// @param refit which entries are chosen anew under the best trial's scale
/// @param distances off-grid points look among the entries at this many smallest distances
/// @param energy σ² of the error weights `importance·√(σ² + x²)`, in mean squares of the block
/// @param plainEnergy without importance the error weights are `plainEnergy·σ² + x²`
/// @param negligible a group whose magnitudes all lie below this (or are 0) is stored as zero
/// @param storedScale what the stored d is multiplied by
record GridTrials(
    float step,
    int reach,
    Largest largest,
    Refit refit,
    int distances,
    float energy,
    float plainEnergy,
    float negligible,
    float storedScale) {
  enum Largest {
    /// the largest magnitude
    MEASURED,
    /// `levels` times the scale of a least-squares fit to the integers 0 … levels + 1
    /// ([PositiveFit])
    FITTED
  }

  enum Refit {
    /// those that were off the grid
    OFF_GRID,
    /// all, if one was off the grid
    ALL_IF_OFF_GRID,
    /// all, always
    ALL
  }
}
