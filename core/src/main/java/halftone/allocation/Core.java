package halftone.allocation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the Lagrangian bound leaves open: the best choice found near it, and the options that could
/// still be part of a better one (reduced-cost fixing removes the others).
final class Core {
  private static final int PROBED = 3;
  private static final int PROBED_UNITS = 300;

  private final Table table;
  private final Multipliers multipliers;
  private final List<Multipliers> visited = new ArrayList<>();
  private final BitSet[] kept;
  private int @Nullable [] best;
  private double upper = Double.POSITIVE_INFINITY;
  private double bound;

  Core(Table table, Multipliers multipliers) {
    this.table = table;
    this.multipliers = multipliers;
    this.kept = new BitSet[table.units()];
    for (int unit = 0; unit < kept.length; unit++) {
      kept[unit] = new BitSet();
      kept[unit].set(0, table.loss()[unit].length);
    }
    this.bound = multipliers.bound();
    visited.add(multipliers);
    improve(PrimalSearch.near(table, multipliers));
    fix();
  }

  /// Holds each of the units that spread the most cost at each of its options in turn. A unit that
  /// is most of the network (an embedding) makes the one bound of all its options loose; these are
  /// tight.
  void probe() {
    if (table.units() > PROBED_UNITS) {
      return;
    }
    for (int unit : IntStream.of(ParetoSearch.order(table)).limit(PROBED).toArray()) {
      double least = Double.POSITIVE_INFINITY;
      for (int j : kept[unit].stream().toArray()) {
        least = Math.min(least, probe(unit, j));
      }
      bound = Math.max(bound, least);
    }
    fix();
  }

  /// The bound with `unit` held at its option `j`, infinite when nothing fits then.
  private double probe(int unit, int j) {
    Table held = table.holding(unit, j);
    Multipliers prices = new LagrangianBound(held).maximise();
    if (prices.infeasible() || prices.bound() > upper) {
      kept[unit].set(j, taken(unit, j));
      return prices.infeasible() ? Double.POSITIVE_INFINITY : prices.bound();
    }
    visited.add(prices);
    int[] choice = PrimalSearch.near(held, prices);
    choice[unit] = j;
    improve(choice);
    return prices.bound();
  }

  private void improve(int[] choice) {
    if (table.fits(choice) && table.loss(choice) < upper) {
      best = choice;
      upper = table.loss(choice);
    }
  }

  /// An option stays when taking it does not lift the bound above the best choice known.
  private void fix() {
    double spare = upper - multipliers.bound();
    for (int unit = 0; unit < kept.length; unit++) {
      double least = multipliers.priced(table, unit, multipliers.cheapest(table, unit));
      for (int j : kept[unit].stream().toArray()) {
        kept[unit].set(j, multipliers.priced(table, unit, j) - least <= spare || taken(unit, j));
      }
    }
  }

  private boolean taken(int unit, int j) {
    return best != null && best[unit] == j;
  }

  Multipliers multipliers() {
    return multipliers;
  }

  /// All multipliers found on the way.
  List<Multipliers> visited() {
    return visited;
  }

  /// Loss of the best choice, infinite when none is known.
  double upper() {
    return upper;
  }

  /// No choice that fits loses less; infinite when none fits.
  double bound() {
    return bound;
  }

  int @Nullable [] best() {
    return best;
  }

  /// The table of the options left.
  Table open() {
    return table.keeping(kept);
  }

  /// The best choice in options of the open table.
  int @Nullable [] bestOpen() {
    int[] choice = best;
    return choice == null
        ? null
        : IntStream.range(0, choice.length)
            .map(u -> kept[u].get(0, choice[u]).cardinality())
            .toArray();
  }

  /// A choice of the open table in options of the whole one.
  int[] whole(int[] choice) {
    return IntStream.range(0, choice.length)
        .map(u -> kept[u].stream().skip(choice[u]).findFirst().orElseThrow())
        .toArray();
  }
}
