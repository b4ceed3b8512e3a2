package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// What encoders spend their time in: the scale searches, on many groups at once, the rounding to
/// codes, and all trials of the grid types. Every way gives the same bits. What makes them in
/// vectors is another room's and is found as a service; without it plain loops do.
public interface ScaleTrials {
  /// Groups whose weights all stay below it are all zero where codes have no offset.
  float TINY = 1e-15f;

  /// An [AffineSearch]: finds scale, min, inverse and base of all groups.
  void affine(AffineSearch search, Groups groups);

  /// The search of [SymmetricSearch#leastSquares], −limit ≤ code < limit: finds scale and inverse
  /// of all groups, 0 and 0 for one that is all zero; min and base are 0.
  void symmetric(int limit, Groups groups);

  /// Trials of scales under which codes are places in a table: finds the scale of all groups, 0 for
  /// one that is all zero. The first trial maps the largest magnitude to minus the first entry, of
  /// the others number k to the first entry plus k, −reach ≤ k ≤ reach.
  ///
  /// @param entries whole numbers, ascending, not 0; a number half-way between two goes to the
  ///   larger
  void uneven(float[] entries, int reach, Groups groups);

  /// Codes of a block under settled scales: integers nearest to (x − offset) / step, kept between
  /// two others, as [Bits#nearest] rounds.
  ///
  /// @param x a multiple of 32 weights, in groups of 8, 16 or 32, as many as there are steps; of a
  ///   group whose step is 0 the codes mean nothing
  void round(float[] x, float[] steps, float[] offsets, int least, int most, byte[] codes);

  /// What writes blocks of a kind at once, null where there are no instructions for it.
  @Nullable BlockWriter writer(DirectBlock kind);

  /// All trials of a group of a grid type. Not safe for concurrent use.
  GridSearch grid(GridSubject subject);

  /// The fastest here.
  static ScaleTrials fastest() {
    return FoundTrials.FASTEST;
  }
}
