package halftone.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Two candidates on the same tokens: mean divergence of `a` minus that of `b`, so that below zero
/// means `a` is better.
///
/// The 95 % interval resamples whole chunks (tokens of a chunk are not independent), 1000 times
/// with a fixed seed.
///
/// @param t paired Student statistic over the chunks' means
/// @param pValue two-sided, with chunks − 1 degrees of freedom
public record PairedComparison(
    double difference, double lower, double upper, double t, double pValue, int chunks) {
  private static final int RESAMPLES = 1000;
  private static final long SEED = 20260824;
  private static final double TAIL = 0.025;

  /// @throws IllegalArgumentException when the scores are of different texts, or of fewer than two
  ///   chunks
  public static PairedComparison of(TokenScores a, TokenScores b) {
    if (a.chunks() != b.chunks()
        || a.count() != b.count()
        || !Arrays.equals(a.referenceLoss(), b.referenceLoss())) {
      throw new IllegalArgumentException("the two candidates were not scored on the same tokens");
    }
    if (a.chunks() < 2) {
      throw new IllegalArgumentException("a comparison needs two chunks or more");
    }
    double[] differences = a.chunkDivergence();
    double[] other = b.chunkDivergence();
    for (int i = 0; i < differences.length; i++) {
      differences[i] -= other[i];
    }
    double[] means = resampledMeans(differences);
    double t = studentStatistic(differences);
    return new PairedComparison(
        mean(differences),
        quantile(means, TAIL),
        quantile(means, 1 - TAIL),
        t,
        StudentT.twoSided(t, differences.length - 1),
        differences.length);
  }

  /// Whether the whole interval lies below zero.
  public boolean firstIsBetter() {
    return upper < 0;
  }

  private static double[] resampledMeans(double[] values) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += values[random.nextInt(values.length)];
      }
      means[i] = sum / values.length;
    }
    Arrays.sort(means);
    return means;
  }

  private static double quantile(double[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    double share = position - below;
    return (1 - share) * sorted[below] + share * sorted[Math.min(below + 1, sorted.length - 1)];
  }

  /// 0 when all differences are 0, infinite when they are equal and not 0.
  private static double studentStatistic(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double error = Math.sqrt(squares / (values.length - 1) / values.length);
    return mean == 0 ? 0 : mean / error;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
