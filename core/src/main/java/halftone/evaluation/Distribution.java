package halftone.evaluation;

import java.util.Arrays;

/// Percentiles of one value a token. Position f·(n − 1) in the sorted floats, linear in between;
/// the median of an even number is the mean of the middle two.
public record Distribution(
    double maximum,
    double p999,
    double p99,
    double p95,
    double p90,
    double p75,
    double median,
    double p25,
    double p10,
    double p5,
    double p1,
    double p01,
    double minimum) {
  static Distribution of(double[] values) {
    float[] sorted = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      sorted[i] = (float) values[i];
    }
    Arrays.sort(sorted);
    return new Distribution(
        sorted[sorted.length - 1],
        percentile(sorted, 0.999),
        percentile(sorted, 0.99),
        percentile(sorted, 0.95),
        percentile(sorted, 0.90),
        percentile(sorted, 0.75),
        percentile(sorted, 0.5),
        percentile(sorted, 0.25),
        percentile(sorted, 0.10),
        percentile(sorted, 0.05),
        percentile(sorted, 0.01),
        percentile(sorted, 0.001),
        sorted[0]);
  }

  /// @param sorted ascending, not empty
  static double percentile(float[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    double share = position - below;
    return (1 - share) * sorted[below] + share * sorted[above];
  }
}
