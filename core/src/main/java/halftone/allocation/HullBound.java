package halftone.allocation;

import java.util.List;

/// The linear relaxation of the undecided units for one resource, exact for every remaining budget:
/// the hull steps of those units, taken until the budget is spent, the last one in part.
final class HullBound implements SuffixBound {
  private final Table table;
  private final HullSteps hull;
  private final int[] place;
  private int decided = -1;
  private int count;
  private final List<HullSteps.Step> steps;
  private final HullSteps.Step[] open;
  private final long[] cost;
  private final double[] loss;
  private int position;

  /// @param order units in the order in which they are decided; units outside it have one option
  HullBound(Table table, int[] order) {
    this.table = table;
    this.hull = HullSteps.of(table);
    this.steps = hull.steps();
    this.place = new int[table.units()];
    java.util.Arrays.fill(place, -1);
    for (int i = 0; i < order.length; i++) {
      place[order[i]] = i;
    }
    this.open = new HullSteps.Step[steps.size()];
    this.cost = new long[steps.size() + 1];
    this.loss = new double[steps.size() + 1];
  }

  @Override
  public void decide(int newPlace) {
    decided = newPlace;
    position = 0;
    count = 0;
    cost[0] = 0;
    loss[0] = 0;
    for (int unit = 0; unit < place.length; unit++) {
      if (place[unit] > decided) {
        cost[0] += table.cost()[0][unit][hull.start()[unit]];
        loss[0] += table.loss()[unit][hull.start()[unit]];
      }
    }
    for (HullSteps.Step step : steps) {
      if (place[step.unit()] > decided) {
        cost[count + 1] = cost[count] + step.cost();
        loss[count + 1] = loss[count] - step.gain();
        open[count++] = step;
      }
    }
  }

  /// Neighbouring calls with neighbouring budgets are fast: the search for the last whole step
  /// starts at the one found before.
  @Override
  public double rest(long[] remaining) {
    long budget = remaining[0];
    while (position < count && cost[position + 1] <= budget) {
      position++;
    }
    while (position > 0 && cost[position] > budget) {
      position--;
    }
    if (cost[position] > budget) {
      return Double.POSITIVE_INFINITY;
    }
    return position == count
        ? loss[count]
        : loss[position] - open[position].rate() * (budget - cost[position]);
  }

  @Override
  public double completed() {
    return loss[position];
  }

  @Override
  public void complete(int[] choice) {
    for (int unit = 0; unit < place.length; unit++) {
      if (place[unit] > decided) {
        choice[unit] = hull.start()[unit];
      }
    }
    for (int i = 0; i < position; i++) {
      choice[open[i].unit()] = open[i].option();
    }
  }
}
