package halftone.quantizer;

import java.util.Arrays;
import java.util.BitSet;

/// Which values of a weight are kept apart from its codes (SqueezeLLM's dense-and-sparse split):
/// the most sensitive, and the furthest from the quartiles.
final class SparseSplit {
  private SparseSplit() {}

  /// The chosen places.
  ///
  /// @param fisher sensitivity of every value
  /// @param sensitive share of all values taken for their sensitivity
  /// @param total share of all values taken in all: outliers fill it up, as the published factor on
  ///   the interquartile range is tuned to do
  static BitSet of(float[] values, float[] fisher, double sensitive, double total) {
    int n = values.length;
    BitSet chosen = new BitSet(n);
    mark(chosen, fisher, (int) Math.round(sensitive * n));
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    float low = sorted[n / 4];
    float high = sorted[3 * (n - 1) / 4];
    if (high > low) {
      float[] distances = new float[n];
      for (int i = 0; i < n; i++) {
        distances[i] = Math.max(Math.max(low - values[i], values[i] - high), 0);
        if (chosen.get(i)) {
          distances[i] = 0;
        }
      }
      mark(chosen, distances, (int) Math.round(total * n) - chosen.cardinality());
    }
    return chosen;
  }

  /// The places of the `count` largest scores above 0, the first of equal ones.
  private static void mark(BitSet chosen, float[] scores, int count) {
    if (count <= 0) {
      return;
    }
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    float least = sorted[sorted.length - Math.min(count, sorted.length)];
    int left = count;
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < scores.length && left > 0; i++) {
        boolean fits = pass == 0 ? scores[i] > least : scores[i] == least;
        if (fits && scores[i] > 0 && !chosen.get(i)) {
          chosen.set(i);
          left--;
        }
      }
    }
  }
}
