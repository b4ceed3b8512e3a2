package halftone.evaluation;

/// Everything that llama.cpp's `perplexity --kl-divergence` prints about a candidate beside its
/// reference, by the same formulas. Divergences in nats; changes of probability as fractions, not
/// per cent.
///
/// @param correlation of the two networks' losses
/// @param logRatio ln of the perplexity ratio
/// @param ratio candidate's perplexity over the reference's
/// @param difference candidate's perplexity minus the reference's
/// @param sameTop fraction of tokens where both put the same token first
public record Quality(
    int tokens,
    Estimate perplexity,
    Estimate referencePerplexity,
    double correlation,
    Estimate logRatio,
    Estimate ratio,
    Estimate difference,
    Estimate divergence,
    Distribution divergences,
    Estimate probabilityChange,
    Distribution probabilityChanges,
    Estimate rmsProbabilityChange,
    Estimate sameTop) {
  /// Below this many tokens no statistics are given, as in llama.cpp.
  public static final int FEWEST_TOKENS = 100;

  /// @throws IllegalArgumentException with fewer than 100 tokens
  public static Quality of(TokenScores scores) {
    if (scores.count() < FEWEST_TOKENS) {
      throw new IllegalArgumentException(
          "%d scored tokens are too few for statistics, which need %d: evaluate on more text"
              .formatted(scores.count(), FEWEST_TOKENS));
    }
    PerplexityRatio ratio = PerplexityRatio.of(scores.candidateLoss(), scores.referenceLoss());
    double[] change = scores.probabilityChange();
    return new Quality(
        scores.count(),
        ratio.candidate().exp(),
        ratio.reference().exp(),
        ratio.correlation(),
        ratio.logRatio(),
        ratio.logRatio().exp(),
        ratio.difference(),
        Estimate.mean(scores.divergence()),
        Distribution.of(scores.divergence()),
        Estimate.mean(change),
        Distribution.of(change),
        rootMeanSquare(change),
        fraction(scores.sameTop()));
  }

  private static Estimate rootMeanSquare(double[] values) {
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = values[i] * values[i];
    }
    Estimate mean = Estimate.mean(squares);
    double root = Math.sqrt(mean.value());
    return new Estimate(root, root == 0 ? 0 : 0.5 / root * mean.error());
  }

  private static Estimate fraction(boolean[] hits) {
    int count = 0;
    for (boolean hit : hits) {
      count += hit ? 1 : 0;
    }
    double fraction = (double) count / hits.length;
    return new Estimate(fraction, Math.sqrt(fraction * (1 - fraction) / (hits.length - 1)));
  }
}
