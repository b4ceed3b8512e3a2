package halftone.allocation;

import java.util.List;

/// The Lagrangian bound of the undecided units at several fixed multipliers, for any number of
/// resources. The options that minimise at a multiplier are also tried as a completion.
final class MultiplierBound implements SuffixBound {
  private final Table table;
  private final int[] order;
  private final List<Multipliers> multipliers;
  private final double[][] priced;
  private final double[][] loss;
  private final long[][][] used;
  private int next;
  private int fitting;

  /// @param order units in the order in which they are decided
  MultiplierBound(Table table, int[] order, List<Multipliers> multipliers) {
    this.table = table;
    this.order = order;
    this.multipliers = multipliers;
    this.priced = new double[order.length + 1][multipliers.size()];
    this.loss = new double[order.length + 1][multipliers.size()];
    this.used = new long[order.length + 1][multipliers.size()][table.resources()];
    for (int place = order.length - 1; place >= 0; place--) {
      for (int m = 0; m < multipliers.size(); m++) {
        add(place, m, order[place], multipliers.get(m).cheapest(table, order[place]));
      }
    }
  }

  private void add(int place, int m, int unit, int option) {
    priced[place][m] = priced[place + 1][m] + multipliers.get(m).priced(table, unit, option);
    loss[place][m] = loss[place + 1][m] + table.loss()[unit][option];
    for (int r = 0; r < table.resources(); r++) {
      used[place][m][r] = used[place + 1][m][r] + table.cost()[r][unit][option];
    }
  }

  @Override
  public void decide(int place) {
    next = place + 1;
  }

  @Override
  public double rest(long[] remaining) {
    double best = Double.NEGATIVE_INFINITY;
    fitting = -1;
    for (int m = 0; m < multipliers.size(); m++) {
      double value = priced[next][m];
      boolean fits = true;
      double[] price = multipliers.get(m).price();
      for (int r = 0; r < price.length; r++) {
        value -= price[r] * remaining[r];
        fits &= used[next][m][r] <= remaining[r];
      }
      best = Math.max(best, value);
      if (fits && (fitting < 0 || loss[next][m] < loss[next][fitting])) {
        fitting = m;
      }
    }
    return next == order.length ? 0 : best;
  }

  @Override
  public double completed() {
    return fitting < 0 ? Double.POSITIVE_INFINITY : loss[next][fitting];
  }

  @Override
  public void complete(int[] choice) {
    for (int place = next; place < order.length; place++) {
      choice[order[place]] = multipliers.get(fitting).cheapest(table, order[place]);
    }
  }
}
