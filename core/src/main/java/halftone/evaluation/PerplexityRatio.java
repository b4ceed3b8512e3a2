package halftone.evaluation;

/// Two networks' losses on the same tokens. Their errors largely cancel: what counts is the
/// covariance.
///
/// @param candidate mean loss
/// @param reference mean loss
/// @param covariance of the two means
record PerplexityRatio(Estimate candidate, Estimate reference, double covariance) {
  static PerplexityRatio of(double[] candidateLoss, double[] referenceLoss) {
    return new PerplexityRatio(
        Estimate.mean(candidateLoss),
        Estimate.mean(referenceLoss),
        Moments.covariance(candidateLoss, referenceLoss));
  }

  /// 1 for losses that do not vary.
  double correlation() {
    double product = candidate.error() * reference.error();
    return product == 0 ? 1 : covariance / product;
  }

  Estimate logRatio() {
    double variance = square(candidate.error()) + square(reference.error()) - 2 * covariance;
    return new Estimate(candidate.value() - reference.value(), root(variance));
  }

  Estimate difference() {
    Estimate a = candidate.exp();
    Estimate b = reference.exp();
    double variance =
        square(a.error()) + square(b.error()) - 2 * a.value() * b.value() * covariance;
    return new Estimate(a.value() - b.value(), root(variance));
  }

  /// Rounding may leave a variance of 0 slightly negative.
  private static double root(double variance) {
    return variance <= 0 ? 0 : Math.sqrt(variance);
  }

  private static double square(double x) {
    return x * x;
  }
}
