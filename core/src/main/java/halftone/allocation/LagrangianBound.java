package halftone.allocation;

/// The largest `L(λ) = Σ_unit min_option (loss + Σ λ_r cost_r) − Σ λ_r limit_r` over `λ ≥ 0`: the
/// value of the linear relaxation, a lower bound for every choice within the limits.
///
/// `L` is concave and piecewise linear, so one multiplier is found by intersecting the supporting
/// lines on either side of the maximum, and several by doing that for each nested in the one
/// before. Every λ visited gives a valid bound.
final class LagrangianBound {
  private static final int STEPS = 60;
  private static final double SATISFIED = 1e-12;

  private final Table table;
  private final double[][][] cost;
  private final double lossScale;
  private final double ceiling;

  /// A visited λ, in loss per limit.
  ///
  /// @param slack a subgradient of `L`: share of each limit by which the minimising choice
  ///   overspends
  private record Point(double[] lambda, double value, double[] slack) {}

  LagrangianBound(Table table) {
    this.table = table;
    this.cost = new double[table.units()][][];
    double worst = 0;
    double best = 0;
    for (int unit = 0; unit < cost.length; unit++) {
      cost[unit] = scaledCost(unit);
      worst += java.util.Arrays.stream(table.loss()[unit]).max().orElseThrow();
      best += java.util.Arrays.stream(table.loss()[unit]).min().orElseThrow();
    }
    this.lossScale = worst > best ? worst - best : 1;
    this.ceiling = worst + 1e-9 * Math.max(Math.abs(worst), lossScale);
  }

  private double[][] scaledCost(int unit) {
    double[][] scaled = new double[table.loss()[unit].length][table.resources()];
    for (int j = 0; j < scaled.length; j++) {
      for (int r = 0; r < table.resources(); r++) {
        scaled[j][r] = table.cost()[r][unit][j] / table.scale(r);
      }
    }
    return scaled;
  }

  /// The multipliers of the bound, in loss per unit of each resource.
  Multipliers maximise() {
    Point best = maximise(0, new double[table.resources()]);
    double[] price = new double[best.lambda.length];
    for (int r = 0; r < price.length; r++) {
      price[r] = best.lambda[r] / table.scale(r);
    }
    return new Multipliers(price, best.value - rounding(best), nothingFits(best));
  }

  /// A bound above the worst loss there is proves that nothing fits.
  private boolean nothingFits(Point point) {
    return point.value - rounding(point) > ceiling;
  }

  /// The most that rounding can have added to the value. Large multipliers of a budget that is just
  /// met cancel.
  private double rounding(Point point) {
    double terms = lossScale + Math.abs(ceiling);
    for (int r = 0; r < point.lambda.length; r++) {
      terms += point.lambda[r] * (2 + Math.abs(point.slack[r]));
    }
    return Math.ulp(1.0) * (table.units() + 8) * terms;
  }

  private Point maximise(int r, double[] lambda) {
    if (r == lambda.length) {
      return evaluate(lambda);
    }
    Point low = at(r, 0, lambda);
    if (low.slack[r] <= SATISFIED || nothingFits(low)) {
      return low;
    }
    double x = lossScale / table.units();
    Point high = at(r, x, lambda);
    for (int doubling = 0;
        doubling < 40 && high.slack[r] > SATISFIED && !nothingFits(high);
        doubling++) {
      low = high;
      x *= 8;
      high = at(r, x, lambda);
    }
    return high.slack[r] > SATISFIED || nothingFits(high) ? high : between(r, low, high, lambda);
  }

  private Point between(int r, Point below, Point above, double[] lambda) {
    Point low = below;
    Point high = above;
    for (int step = 1; step <= STEPS; step++) {
      double drop = low.slack[r] - high.slack[r];
      double meet =
          (high.value - low.value + low.slack[r] * low.lambda[r] - high.slack[r] * high.lambda[r])
              / drop;
      double roof = low.value + low.slack[r] * (meet - low.lambda[r]);
      boolean halve = step % 4 == 0 || !(meet > low.lambda[r] && meet < high.lambda[r]);
      Point next = at(r, halve ? (low.lambda[r] + high.lambda[r]) / 2 : meet, lambda);
      boolean reached = !halve && next.value >= roof - 1e-13 * lossScale;
      if (reached || Math.abs(next.slack[r]) <= SATISFIED || nothingFits(next)) {
        return mixed(r, next, low, high);
      }
      if (next.slack[r] > 0) {
        low = next;
      } else {
        high = next;
      }
    }
    return mixed(r, low.value > high.value ? low : high, low, high);
  }

  /// `at` with the subgradient whose component r is zero, a mixture of those on either side.
  private static Point mixed(int r, Point at, Point low, Point high) {
    double share = low.slack[r] / (low.slack[r] - high.slack[r]);
    double[] slack = new double[at.slack.length];
    for (int i = 0; i < slack.length; i++) {
      slack[i] = i == r ? 0 : (1 - share) * low.slack[i] + share * high.slack[i];
    }
    return new Point(at.lambda, at.value, slack);
  }

  private Point at(int r, double x, double[] lambda) {
    double[] moved = lambda.clone();
    moved[r] = x;
    return maximise(r + 1, moved);
  }

  private Point evaluate(double[] lambda) {
    int resources = lambda.length;
    long[] used = new long[resources];
    double value = 0;
    for (int unit = 0; unit < cost.length; unit++) {
      int best = cheapest(table.loss()[unit], cost[unit], lambda);
      value += priced(table.loss()[unit][best], cost[unit][best], lambda);
      for (int r = 0; r < resources; r++) {
        used[r] += table.cost()[r][unit][best];
      }
    }
    double[] slack = new double[resources];
    for (int r = 0; r < resources; r++) {
      slack[r] = (used[r] - table.limit()[r]) / table.scale(r);
      value -= lambda[r] * (table.limit()[r] / table.scale(r));
    }
    return new Point(lambda, value, slack);
  }

  private static int cheapest(double[] loss, double[][] cost, double[] lambda) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < loss.length; j++) {
      double value = priced(loss[j], cost[j], lambda);
      if (value < least) {
        least = value;
        best = j;
      }
    }
    return best;
  }

  private static double priced(double loss, double[] cost, double[] lambda) {
    double value = loss;
    for (int r = 0; r < lambda.length; r++) {
      value += lambda[r] * cost[r];
    }
    return value;
  }
}
