package halftone.allocation;

import java.util.Arrays;

/// The lower convex hull of all choices' (cost, loss) under one resource, from the smallest cost to
/// the smallest loss. No choice of the same or smaller cost than a point's loses less.
public final class Frontier {
  private final Table table;
  private final HullSteps hull;
  private final long[] cost;
  private final double[] loss;

  Frontier(Problem problem) {
    this.table = Table.of(problem);
    this.hull = HullSteps.of(table);
    int steps = hull.steps().size();
    this.cost = new long[steps + 1];
    this.loss = new double[steps + 1];
    cost[0] = table.used(0, hull.start());
    loss[0] = table.loss(hull.start());
    for (int i = 0; i < steps; i++) {
      cost[i + 1] = cost[i] + hull.steps().get(i).cost();
      loss[i + 1] = loss[i] - hull.steps().get(i).gain();
    }
  }

  public int size() {
    return cost.length;
  }

  public long cost(int point) {
    return cost[point];
  }

  public double loss(int point) {
    return loss[point];
  }

  /// Loss saved per cost on the way from the point before; infinite at the first.
  public double shadowPrice(int point) {
    return point == 0 ? Double.POSITIVE_INFINITY : hull.steps().get(point - 1).rate();
  }

  /// The point's option for each unit of the problem.
  public int[] choice(int point) {
    int[] choice = Arrays.copyOf(hull.start(), hull.start().length);
    for (HullSteps.Step step : hull.steps().subList(0, point)) {
      choice[step.unit()] = step.option();
    }
    return table.inProblem(choice);
  }
}
