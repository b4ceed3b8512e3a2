package halftone.allocation;

/// What the units a search has not decided yet must lose at least. Units are decided in a fixed
/// order.
interface SuffixBound {
  /// Moves on: the unit at this place of the order and all before it are decided.
  void decide(int place);

  /// A lower bound on the loss of the undecided units within the remaining budgets.
  double rest(long[] remaining);

  /// The loss of a completion that fits, found by the last call of [#rest]; infinite when it found
  /// none.
  double completed();

  /// Writes the options of that completion.
  void complete(int[] choice);
}
