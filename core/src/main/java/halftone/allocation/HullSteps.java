package halftone.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The lower convex hull of every unit's (cost, loss) pairs under one resource, as steps that each
/// buy less loss for more cost, all units' steps together sorted by what they gain per cost. Taken
/// from the first on they walk the lower hull of all choices.
///
/// @param start each unit's cheapest option
record HullSteps(int[] start, List<Step> steps) {

  /// @param option where the unit stands after the step
  record Step(int unit, int option, long cost, double gain) {
    double rate() {
      return gain / cost;
    }
  }

  /// @param table one resource, dominated options dropped
  static HullSteps of(Table table) {
    int[] start = new int[table.units()];
    List<Step> steps = new ArrayList<>();
    for (int unit = 0; unit < start.length; unit++) {
      List<Integer> hull = hull(table.cost()[0][unit], table.loss()[unit]);
      start[unit] = hull.getFirst();
      for (int i = 1; i < hull.size(); i++) {
        steps.add(step(table, unit, hull.get(i - 1), hull.get(i)));
      }
    }
    steps.sort(Comparator.comparingDouble(Step::rate).reversed());
    return new HullSteps(start, List.copyOf(steps));
  }

  private static Step step(Table table, int unit, int from, int to) {
    long[] cost = table.cost()[0][unit];
    double[] loss = table.loss()[unit];
    return new Step(unit, to, cost[to] - cost[from], loss[from] - loss[to]);
  }

  private static List<Integer> hull(long[] cost, double[] loss) {
    List<Integer> order = new ArrayList<>();
    for (int j = 0; j < cost.length; j++) {
      order.add(j);
    }
    order.sort(Comparator.comparingLong(j -> cost[j]));
    List<Integer> hull = new ArrayList<>();
    for (int next : order) {
      while (hull.size() > 1
          && above(cost, loss, hull.get(hull.size() - 2), hull.getLast(), next)) {
        hull.removeLast();
      }
      hull.add(next);
    }
    return hull;
  }

  /// Whether point b lies on or above the line from a to c.
  private static boolean above(long[] cost, double[] loss, int a, int b, int c) {
    double left = (loss[a] - loss[b]) / (cost[b] - cost[a]);
    double right = (loss[b] - loss[c]) / (cost[c] - cost[b]);
    return left <= right;
  }
}
