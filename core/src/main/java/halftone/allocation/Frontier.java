package halftone.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The lower convex hull of all choices' (cost, loss) under one resource, from the smallest cost to
/// the smallest loss. No choice of the same or smaller cost than a point's loses less.
public final class Frontier {
  private final Table table;
  private final HullSteps hull;
  private final long[] cost;
  private final double[] loss;

  /// The option that a unit of the problem takes.
  public record Change(int unit, int option) {}

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

  /// What a point's choice changes in that of the point before: one unit, or all of a tie; at the
  /// first point every unit. Cheaper than comparing whole choices.
  public List<Change> changes(int point) {
    List<Change> changes = new ArrayList<>();
    if (point == 0) {
      int[] start = choice(0);
      for (int unit = 0; unit < start.length; unit++) {
        changes.add(new Change(unit, start[unit]));
      }
      return changes;
    }
    HullSteps.Step step = hull.steps().get(point - 1);
    int option = table.option()[step.unit()][step.option()];
    for (int unit : table.members()[step.unit()]) {
      changes.add(new Change(unit, option));
    }
    return changes;
  }
}
