package halftone.quantizer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The best k centres of weighted numbers on a line: the exact minimum of Σ f (w − c)², by dynamic
/// programming over the sorted numbers. The last break of a longer prefix lies no further left,
/// which divides the work (Wu 1991; Grønlund et al., arXiv 1701.07204): k · n · log n steps.
///
/// SqueezeLLM's code starts Lloyd's iteration once; its median lies 13 % above this minimum.
final class WeightedKMeans {
  private final double[] weight;
  private final double[] first;
  private final double[] second;
  private final double[] values;

  private WeightedKMeans(double[] values, double[] factors) {
    int n = values.length;
    this.values = values;
    weight = new double[n + 1];
    first = new double[n + 1];
    second = new double[n + 1];
    for (int i = 0; i < n; i++) {
      weight[i + 1] = weight[i] + factors[i];
      first[i + 1] = first[i] + factors[i] * values[i];
      second[i + 1] = second[i] + factors[i] * values[i] * values[i];
    }
  }

  /// Centres, ascending, the last repeated where there are fewer distinct numbers than `k`.
  ///
  /// @param factors not negative; numbers of factor 0 count for nothing
  static float[] centres(float[] numbers, float[] factors, int k) {
    Integer[] order =
        IntStream.range(0, numbers.length)
            .filter(i -> factors[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> numbers[i]))
            .toArray(Integer[]::new);
    if (order.length == 0) {
      return new float[k];
    }
    double[] values = new double[order.length];
    double[] weights = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      values[i] = numbers[order[i]];
      weights[i] = factors[order[i]];
    }
    return new WeightedKMeans(values, weights).solve(k);
  }

  private float[] solve(int k) {
    int n = values.length;
    int parts = Math.min(k, n);
    int[][] breaks = new int[parts][n + 1];
    double[] best = new double[n + 1];
    for (int end = 1; end <= n; end++) {
      best[end] = cost(0, end);
    }
    for (int part = 1; part < parts; part++) {
      double[] next = new double[n + 1];
      Arrays.fill(next, Double.POSITIVE_INFINITY);
      fill(best, next, breaks[part], part + 1, n, part, n - 1);
      best = next;
    }
    float[] centres = new float[k];
    int end = n;
    for (int part = parts - 1; part >= 0; part--) {
      int from = part == 0 ? 0 : breaks[part][end];
      centres[part] = (float) centre(from, end);
      end = from;
    }
    for (int part = parts; part < k; part++) {
      centres[part] = centres[parts - 1];
    }
    return centres;
  }

  /// `next[end]` for `low ≤ end ≤ high`, whose last break lies in `from … to`.
  private void fill(
      double[] best, double[] next, int[] breaks, int low, int high, int from, int to) {
    if (low > high) {
      return;
    }
    int middle = (low + high) >>> 1;
    int at = from;
    for (int start = from; start <= Math.min(to, middle - 1); start++) {
      double cost = best[start] + cost(start, middle);
      if (cost < next[middle]) {
        next[middle] = cost;
        at = start;
      }
    }
    breaks[middle] = at;
    fill(best, next, breaks, low, middle - 1, from, at);
    fill(best, next, breaks, middle + 1, high, at, to);
  }

  private double centre(int from, int to) {
    return (first[to] - first[from]) / (weight[to] - weight[from]);
  }

  private double cost(int from, int to) {
    double sum = first[to] - first[from];
    double cost = second[to] - second[from] - sum * sum / (weight[to] - weight[from]);
    return Math.max(0, cost);
  }

  /// The index of the centre nearest to a number, the lower of two.
  static int nearest(float[] centres, float number) {
    int best = 0;
    for (int k = 1; k < centres.length; k++) {
      if (Math.abs(centres[k] - number) < Math.abs(centres[best] - number)) {
        best = k;
      }
    }
    return best;
  }
}
