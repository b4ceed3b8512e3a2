package halftone.numeric;

/// How the reference encoder of a grid type searches a group's scale. Levels l stand for the odd numbers 2l + 1.
///
/// @param step the k-th trial scales the group's largest weight to `2·levels − 1 + k·step`
/// @param reach trials run from k = −reach to reach
/// @param energy σ² of the weights `importance·√(σ² + x²)`, in mean squares of the block
/// @param plainEnergy without importance the weights are `plainEnergy·σ² + x²`
/// @param distances off-grid points look among the entries at this many smallest distances
/// @param storedScale what the stored d is multiplied by
record GridTrials(
    float step, int reach, float energy, float plainEnergy, int distances, float storedScale) {}
