package halftone.numeric;

/// What a [GridSearch] works on. Arrays are read anew in every search.
///
/// @param lanes the neighbours of all lattice points
/// @param levels of a position
/// @param magnitudes of a group
/// @param weights what their errors count, with `rootWeights`
/// @param inverses what each trial multiplies magnitudes by
/// @param scales the inverses of those
public record GridSubject(
    NeighbourLanes lanes,
    int levels,
    float[] magnitudes,
    float[] weights,
    float[] rootWeights,
    float[] inverses,
    float[] scales) {
  /// Entries of a group.
  public int entries() {
    return magnitudes.length / lanes.arity();
  }
}
