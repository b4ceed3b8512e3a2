package halftone.allocation;

/// Prices of the resources at the Lagrangian bound.
///
/// @param price loss per unit of each resource
/// @param bound lower bound on the loss of every choice within the limits
/// @param infeasible whether the bound lies above the worst loss there is, which proves that
///   nothing fits
record Multipliers(double[] price, double bound, boolean infeasible) {

  double priced(Table table, int unit, int option) {
    double value = table.loss()[unit][option];
    for (int r = 0; r < price.length; r++) {
      value += price[r] * table.cost()[r][unit][option];
    }
    return value;
  }

  /// The option of a unit with the least loss after paying for its resources.
  int cheapest(Table table, int unit) {
    int best = 0;
    for (int j = 1; j < table.loss()[unit].length; j++) {
      if (priced(table, unit, j) < priced(table, unit, best)) {
        best = j;
      }
    }
    return best;
  }

  /// The minimising choice; it may overspend.
  int[] cheapest(Table table) {
    int[] choice = new int[table.units()];
    java.util.Arrays.setAll(choice, unit -> cheapest(table, unit));
    return choice;
  }
}
