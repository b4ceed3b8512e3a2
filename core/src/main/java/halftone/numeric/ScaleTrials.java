package halftone.numeric;

/// The trials of the scale searches, in which an encoder spends its time, on many groups at once.
/// Every way gives the same bits. What makes them in vectors is another room's and is found as a
/// service; without it plain loops do.
public interface ScaleTrials {
  /// Trials of an [AffineSearch] on groups whose extents, sums and first error are known: sets
  /// `scale`, `min`, `inverse` and `base` to those of the best.
  void affine(AffineSearch search, Lanes groups);

  /// Trials of grids without offset, −limit ≤ code < limit, on groups whose `max` is known: sets
  /// `scale` and `inverse` to those of the best.
  void symmetric(int limit, Lanes groups);

  /// The fastest here.
  static ScaleTrials fastest() {
    return FoundTrials.FASTEST;
  }
}
