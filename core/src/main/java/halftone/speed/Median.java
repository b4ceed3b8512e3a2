package halftone.speed;

import java.util.Arrays;

/// The middle of some measurements.
public final class Median {
  private Median() {}

  /// The middle one, or halfway between the middle two.
  public static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
