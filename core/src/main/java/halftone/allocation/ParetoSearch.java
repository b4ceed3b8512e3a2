package halftone.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Exact search for what the bounds leave open: dynamic programming over units that keeps, after
/// each, the partial choices no other one beats in loss and every cost, and drops those whose bound
/// shows that they cannot improve on the best choice known. Where more than `width` states remain,
/// those with the least promising bounds are dropped and the proof shrinks to the smallest of these
/// bounds.
final class ParetoSearch {
  private static final int COMPARED = 32;

  private final Table table;
  private final double gap;
  private final int width;
  private final int[] order;
  private final SuffixBound suffix;
  private final long[][] least;
  private final List<States> layers = new ArrayList<>();
  private final long[] spent;
  private final long[] remaining;
  private int @Nullable [] best;
  private double upper;
  private double dropped = Double.POSITIVE_INFINITY;

  /// @param start a choice that fits, if one is known
  /// @param gap relative difference in loss that is not worth searching for
  ParetoSearch(
      Table table, int[] order, SuffixBound suffix, int @Nullable [] start, double gap, int width) {
    this.table = table;
    this.order = order;
    this.suffix = suffix;
    this.gap = gap;
    this.width = width;
    this.best = start;
    this.upper = start == null ? Double.POSITIVE_INFINITY : table.loss(start);
    this.least = leastCosts(table, order);
    this.spent = new long[table.resources()];
    this.remaining = new long[table.resources()];
  }

  /// Units with more than one option, those that spread the most cost first: what is left undecided
  /// is then fine grained and its bound tight.
  static int[] order(Table table) {
    return IntStream.range(0, table.units())
        .filter(unit -> table.loss()[unit].length > 1)
        .boxed()
        .sorted(java.util.Comparator.comparingDouble((Integer unit) -> -spread(table, unit)))
        .mapToInt(unit -> unit)
        .toArray();
  }

  private static double spread(Table table, int unit) {
    double sum = 0;
    for (int r = 0; r < table.resources(); r++) {
      long[] cost = table.cost()[r][unit];
      sum +=
          (Arrays.stream(cost).max().orElseThrow() - Arrays.stream(cost).min().orElseThrow())
              / table.scale(r);
    }
    return sum;
  }

  private static long[][] leastCosts(Table table, int[] order) {
    long[][] least = new long[order.length + 1][table.resources()];
    for (int i = order.length - 1; i >= 0; i--) {
      for (int r = 0; r < table.resources(); r++) {
        least[i][r] =
            least[i + 1][r] + Arrays.stream(table.cost()[r][order[i]]).min().orElseThrow();
      }
    }
    return least;
  }

  /// The best choice, or null when none fits ([#lowerBound] then tells whether that is proved).
  int @Nullable [] run() {
    States states = decided();
    States candidates = new States(table.resources(), 1024);
    for (int place = 0; place < order.length; place++) {
      layers.add(states);
      suffix.decide(place);
      candidates.clear();
      int[] ends = expand(place, states, candidates);
      states = promising(undominated(candidates, SortedRuns.merge(candidates, ends)));
    }
    if (order.length == 0 && best == null && states.size() == 1) {
      best = new int[table.units()];
      upper = table.loss(best);
    }
    return best;
  }

  /// No choice that fits loses less than this; infinite when nothing fits.
  double lowerBound() {
    return Math.min(dropped, cut());
  }

  /// The state before any decision: the units with one option.
  private States decided() {
    double loss = 0;
    for (int unit = 0; unit < table.units(); unit++) {
      if (table.loss()[unit].length == 1) {
        loss += table.loss()[unit][0];
        for (int r = 0; r < spent.length; r++) {
          spent[r] += table.cost()[r][unit][0];
        }
      }
    }
    States states = new States(table.resources(), 1);
    if (IntStream.range(0, spent.length)
        .allMatch(r -> spent[r] + least[0][r] <= table.limit()[r])) {
      states.add(loss, Double.NEGATIVE_INFINITY, 0, 0, spent);
    }
    return states;
  }

  private int[] expand(int place, States states, States into) {
    int options = table.loss()[order[place]].length;
    int[] ends = new int[options];
    for (int option = 0; option < options; option++) {
      for (int i = 0; i < states.size(); i++) {
        if (spend(place, states, i, option)) {
          extend(place, states, i, option, into);
        }
      }
      ends[option] = into.size();
    }
    return ends;
  }

  private boolean spend(int place, States states, int i, int option) {
    for (int r = 0; r < spent.length; r++) {
      spent[r] = states.spent(i, r) + table.cost()[r][order[place]][option];
      remaining[r] = table.limit()[r] - spent[r];
      if (remaining[r] < least[place + 1][r]) {
        return false;
      }
    }
    return true;
  }

  private void extend(int place, States states, int i, int option, States into) {
    double loss = states.loss(i) + table.loss()[order[place]][option];
    double bound = loss + suffix.rest(remaining);
    if (bound < cut()) {
      into.add(loss, bound, i, option, spent);
      if (loss + suffix.completed() < upper) {
        upper = loss + suffix.completed();
        best = choice(place, i, option);
      }
    }
  }

  private double cut() {
    return upper == Double.POSITIVE_INFINITY ? upper : upper - gap * Math.abs(upper);
  }

  private int[] choice(int place, int parent, int option) {
    int[] choice = new int[table.units()];
    suffix.complete(choice);
    choice[order[place]] = option;
    int state = parent;
    for (int p = place; p > 0; p--) {
      choice[order[p - 1]] = layers.get(p).option(state);
      state = layers.get(p).parent(state);
    }
    return choice;
  }

  /// Without states that another one beats or equals; with several resources only near ones are
  /// compared.
  private States undominated(States states, int[] rows) {
    int kept = 0;
    int compared = table.resources() == 1 ? 1 : COMPARED;
    for (int row : rows) {
      boolean beaten = states.bound(row) >= cut();
      for (int k = kept - 1; k >= Math.max(0, kept - compared) && !beaten; k--) {
        beaten = states.dominates(rows[k], row);
      }
      if (!beaten) {
        rows[kept++] = row;
      }
    }
    return states.select(rows, kept);
  }

  private States promising(States states) {
    if (states.size() <= width) {
      return states;
    }
    double[] bounds =
        IntStream.range(0, states.size()).mapToDouble(states::bound).sorted().toArray();
    double limit = bounds[width];
    dropped = Math.min(dropped, limit);
    int[] rows = IntStream.range(0, states.size()).filter(i -> states.bound(i) < limit).toArray();
    return states.select(rows, rows.length);
  }
}
