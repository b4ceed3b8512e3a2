package halftone.evaluation;

/// First and second moments, summed in order.
record Moments(int count, double mean, double meanOfSquares) {
  /// As llama.cpp: fewer values give no error.
  private static final int FEWEST_FOR_AN_ERROR = 11;

  private static final int FEWEST_FOR_A_COVARIANCE = 10;

  static Moments of(double[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    return new Moments(values.length, sum / values.length, squares / values.length);
  }

  /// Standard error of the mean.
  double error() {
    double variance = meanOfSquares - mean * mean;
    return count < FEWEST_FOR_AN_ERROR || variance <= 0 ? 0 : Math.sqrt(variance / (count - 1));
  }

  /// Covariance of the means of two paired samples.
  static double covariance(double[] a, double[] b) {
    if (a.length < FEWEST_FOR_A_COVARIANCE) {
      return 0;
    }
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
    }
    double mean = Moments.of(a).mean * Moments.of(b).mean;
    return (product / a.length - mean) / (a.length - 1);
  }
}
