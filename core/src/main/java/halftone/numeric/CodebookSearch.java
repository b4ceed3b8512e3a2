package halftone.numeric;

/// The scale search of IQ4_NL and IQ4_XS (ggml): sixteen trial scales, each refit by least squares,
/// over the table [Codebook#IQ4].
final class CodebookSearch {
  private static final int TRIES = 7;

  private CodebookSearch() {}

  /// Finds the scale of all groups; one that is all zero gets 0.
  static void fit(Groups groups) {
    ScaleTrials.fastest().uneven(Codebook.IQ4.values(), TRIES, groups);
  }

  /// Codes of the `n` weights from `b.x[at]` under 1/scale.
  static void round(Block b, int at, int n, float inverse) {
    for (int i = at; i < at + n; i++) {
      b.codes[i] = (byte) Codebook.IQ4.nearest(inverse * b.x[i]);
    }
  }
}
