package halftone.allocation;

import java.util.List;

/// The Lagrangian bound of the undecided units at several fixed multipliers, for any number of resources.
final class MultiplierBound implements SuffixBound {
  private final List<Multipliers> multipliers;
  private final double[][] suffix;
  private int next;

  /// @param order units in the order in which they are decided
  MultiplierBound(Table table, int[] order, List<Multipliers> multipliers) {
    this.multipliers = multipliers;
    this.suffix = new double[order.length + 1][multipliers.size()];
    for (int i = order.length - 1; i >= 0; i--) {
      for (int m = 0; m < multipliers.size(); m++) {
        Multipliers prices = multipliers.get(m);
        suffix[i][m] =
            suffix[i + 1][m] + prices.priced(table, order[i], prices.cheapest(table, order[i]));
      }
    }
  }

  @Override
  public void decide(int place) {
    next = place + 1;
  }

  @Override
  public double rest(long[] remaining) {
    if (next == suffix.length - 1) {
      return 0;
    }
    double best = Double.NEGATIVE_INFINITY;
    for (int m = 0; m < suffix[next].length; m++) {
      double value = suffix[next][m];
      double[] price = multipliers.get(m).price();
      for (int r = 0; r < price.length; r++) {
        value -= price[r] * remaining[r];
      }
      best = Math.max(best, value);
    }
    return best;
  }

  /// Only the empty completion is known to fit.
  @Override
  public double completed() {
    return next == suffix.length - 1 ? 0 : Double.POSITIVE_INFINITY;
  }

  @Override
  public void complete(int[] choice) {}
}
