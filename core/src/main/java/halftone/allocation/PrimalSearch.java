package halftone.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Turns the minimising choice of the Lagrangian bound into one that fits: repair what overspends,
/// fill what is left, then swaps of two units.
final class PrimalSearch {
  private static final int SWAP_MOVES = 800;
  private static final int SWAP_PASSES = 30;

  private final Table table;
  private final Multipliers multipliers;
  private final int[] choice;
  private final long[] used;

  private record Move(int unit, int option, double loss, double priced) {}

  private PrimalSearch(Table table, Multipliers multipliers, int[] start) {
    this.table = table;
    this.multipliers = multipliers;
    this.choice = start.clone();
    this.used = new long[table.resources()];
    java.util.Arrays.setAll(used, r -> table.used(r, choice));
  }

  /// A choice near the multipliers' own; it may still overspend when repair got stuck.
  static int[] near(Table table, Multipliers multipliers) {
    return improved(table, multipliers, multipliers.cheapest(table));
  }

  static int[] improved(Table table, Multipliers multipliers, int[] start) {
    PrimalSearch search = new PrimalSearch(table, multipliers, start);
    if (search.repair()) {
      search.fill();
      for (int pass = 0; pass < SWAP_PASSES && search.swap(); pass++) {
        search.fill();
      }
    }
    return search.choice;
  }

  private boolean repair() {
    while (excess(-1, 0) > 0) {
      Move best = null;
      double bestRate = Double.POSITIVE_INFINITY;
      for (Move move : moves()) {
        double removed = excess(-1, 0) - excess(move.unit, move.option);
        if (removed > 0 && move.loss / removed < bestRate) {
          bestRate = move.loss / removed;
          best = move;
        }
      }
      if (best == null) {
        return false;
      }
      apply(best);
    }
    return true;
  }

  private void fill() {
    while (true) {
      Move best = null;
      for (Move move : moves()) {
        if (move.loss < (best == null ? 0 : best.loss) && excess(move.unit, move.option) == 0) {
          best = move;
        }
      }
      if (best == null) {
        return;
      }
      apply(best);
    }
  }

  /// Applies the best pair of moves in different units that fits and gains; false when there is
  /// none.
  private boolean swap() {
    List<Move> moves = moves();
    moves.sort(Comparator.comparingDouble(Move::priced));
    List<Move> near = moves.subList(0, Math.min(moves.size(), SWAP_MOVES));
    double best = -1e-14 * Math.abs(table.loss(choice));
    Move first = null;
    Move second = null;
    for (int a = 0; a < near.size(); a++) {
      for (int b = 0; b < a; b++) {
        Move x = near.get(a);
        Move y = near.get(b);
        if (x.loss + y.loss < best && x.unit != y.unit && fits(x, y)) {
          best = x.loss + y.loss;
          first = x;
          second = y;
        }
      }
    }
    if (first == null || second == null) {
      return false;
    }
    apply(first);
    apply(second);
    return true;
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (int unit = 0; unit < choice.length; unit++) {
      double loss = table.loss()[unit][choice[unit]];
      double priced = multipliers.priced(table, unit, choice[unit]);
      for (int j = 0; j < table.loss()[unit].length; j++) {
        if (j != choice[unit]) {
          moves.add(
              new Move(
                  unit,
                  j,
                  table.loss()[unit][j] - loss,
                  multipliers.priced(table, unit, j) - priced));
        }
      }
    }
    return moves;
  }

  private boolean fits(Move x, Move y) {
    for (int r = 0; r < used.length; r++) {
      if (used[r] + more(r, x.unit, x.option) + more(r, y.unit, y.option) > table.limit()[r]) {
        return false;
      }
    }
    return true;
  }

  private long more(int r, int unit, int option) {
    return table.cost()[r][unit][option] - table.cost()[r][unit][choice[unit]];
  }

  /// Overspending in shares of the limits, after moving `unit` to `option` (as things are when
  /// `unit` is negative).
  private double excess(int unit, int option) {
    double sum = 0;
    for (int r = 0; r < used.length; r++) {
      long over = used[r] + (unit < 0 ? 0 : more(r, unit, option)) - table.limit()[r];
      sum += Math.max(0, over) / table.scale(r);
    }
    return sum;
  }

  private void apply(Move move) {
    for (int r = 0; r < used.length; r++) {
      used[r] += more(r, move.unit, move.option);
    }
    choice[move.unit] = move.option;
  }
}
