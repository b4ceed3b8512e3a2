package halftone.allocation;

import java.util.Comparator;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/// Three widths by two thresholds on a score (CPTQuant, Nanda et al., arXiv 2412.03599): units
/// above the upper one take level 2, between them 1, below 0. Thresholds are quantiles, and move
/// together: half of the units above the lower one are above the upper one. At a share of two
/// thirds that is a third for each level, the published default.
public final class Thresholds {
  private Thresholds() {}

  /// The level of every unit.
  ///
  /// @param step how many units are above the lower threshold, half as many above the upper one:
  ///   from 0 to twice the number of units, where all are above both
  static int[] levels(double[] scores, int step) {
    int units = scores.length;
    int raised = Math.min(units, step);
    int top = step / 2;
    int[] order =
        IntStream.range(0, units)
            .boxed()
            .sorted(Comparator.comparingDouble(unit -> -scores[unit]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] levels = new int[units];
    for (int place = 0; place < units; place++) {
      levels[order[place]] = place < top ? 2 : place < raised ? 1 : 0;
    }
    return levels;
  }

  /// The highest thresholds' levels that cost at most `limit`, by bisection. Equal scores are
  /// raised in the order of the units.
  ///
  /// @param cost of levels; must not fall when one rises
  /// @throws InfeasibleBudgetException when all at level 0 cost more
  public static int[] within(double[] scores, ToLongFunction<int[]> cost, long limit) {
    long least = cost.applyAsLong(levels(scores, 0));
    if (least > limit) {
      throw new InfeasibleBudgetException("bytes", limit, least);
    }
    int low = 0;
    int high = 2 * scores.length + 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (cost.applyAsLong(levels(scores, middle)) <= limit) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return levels(scores, low);
  }
}
