package halftone.allocation;

import halftone.method.Card;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Multiple-choice knapsack under one to three budgets, with a certificate: dominance, Lagrangian bound, a choice near
/// it, reduced-cost fixing, and exact dynamic programming for what stays open. Stops by counting states, never by the
/// clock, so the same problem gives the same choice everywhere.
///
/// Source: the integer program of HAWQ-V3 (Yao et al., ICML 2021, arXiv 2011.10680); the methods are textbook
/// (Kellerer, Pferschy, Pisinger, Knapsack Problems, 2004, chapter 11).
///
/// @param gap relative difference in loss that is not worth searching for
/// @param width most partial choices kept after a unit; when more are open the certified gap grows instead
public record MultipleChoiceKnapsack(double gap, int width) implements Allocator {
  /// Exact to nine digits wherever 50,000 states suffice.
  public static final MultipleChoiceKnapsack STANDARD = new MultipleChoiceKnapsack(1e-9, 50_000);

  private static final Card CARD =
      new Card(
          "multiple-choice-knapsack",
          "Multiple-choice knapsack with a certified gap",
          "Yao et al., HAWQ-V3, ICML 2021, arXiv 2011.10680; Kellerer et al., Knapsack Problems, 2004",
          Set.of());
  private static final int MOST_RESOURCES = 3;
  private static final long MOST_STATES = 12_000_000;
  private static final long MOST_STEPS = 300_000_000;
  private static final int MULTIPLIER_UNITS = 300;

  public MultipleChoiceKnapsack {
    if (!(gap >= 0 && gap < 1) || width < 1) {
      throw new IllegalArgumentException(
          "gap must be in [0, 1) and width at least 1, not %s and %d".formatted(gap, width));
    }
  }

  /// What a search on the table proved.
  private record Outcome(int @Nullable [] choice, double bound, double[] price) {}

  @Override
  public Card card() {
    return CARD;
  }

  /// @throws UnprovedException when no choice that fits was found and `width` was too small to prove that none exists
  @Override
  public Allocation allocate(Problem problem) {
    long start = System.nanoTime();
    if (problem.resources().size() > MOST_RESOURCES) {
      throw new IllegalArgumentException(
          "at most %d resources, not %d".formatted(MOST_RESOURCES, problem.resources().size()));
    }
    for (Resource resource : problem.resources()) {
      if (resource.smallest() > resource.limit()) {
        throw infeasible(problem, problem.resources().indexOf(resource));
      }
    }
    Table table = Table.of(problem);
    Outcome outcome = search(table);
    if (outcome.choice == null) {
      if (outcome.bound < Double.POSITIVE_INFINITY) {
        throw new UnprovedException(width);
      }
      throw infeasible(problem, 0);
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    return certified(problem, table.inProblem(outcome.choice), outcome, time);
  }

  /// Every choice on the lower convex hull of (cost, loss) for the problem's one resource, whatever its limit.
  public Frontier frontier(Problem problem) {
    requireOneResource(problem);
    return new Frontier(problem);
  }

  /// The smallest cost at which a loss of at most `most` is reached, for the problem's one resource, whatever its
  /// limit; and the best choice at that cost.
  ///
  /// @throws UnreachableLossException when no choice has so small a loss
  public SmallestWithin smallestWithin(Problem problem, double most) {
    requireOneResource(problem);
    return new DualKnapsack(this, problem).smallest(most);
  }

  private static void requireOneResource(Problem problem) {
    if (problem.resources().size() != 1) {
      throw new IllegalArgumentException(
          "needs exactly one resource, not " + problem.resources().size());
    }
  }

  private Outcome search(Table whole) {
    Multipliers multipliers = new LagrangianBound(whole).maximise();
    if (multipliers.infeasible()) {
      return new Outcome(null, Double.POSITIVE_INFINITY, multipliers.price());
    }
    int[] near = PrimalSearch.near(whole, multipliers);
    boolean fits = whole.fits(near);
    double upper = fits ? whole.loss(near) : Double.POSITIVE_INFINITY;
    if (upper - multipliers.bound() <= gap * Math.abs(upper)) {
      return new Outcome(near, multipliers.bound(), multipliers.price());
    }
    BitSet[] kept = fixed(whole, multipliers, upper, near);
    Table open = whole.keeping(kept);
    int[] order = ParetoSearch.order(open);
    if (steps(open, order) > MOST_STEPS) {
      return new Outcome(fits ? near : null, multipliers.bound(), multipliers.price());
    }
    int[] start = fits ? translated(near, kept) : null;
    SuffixBound suffix = suffix(open, order, multipliers);
    int states = (int) Math.max(1, Math.min(width, MOST_STATES / Math.max(1, order.length)));
    ParetoSearch search = new ParetoSearch(open, order, suffix, start, gap, states);
    int[] choice = search.run();
    double bound = Math.max(multipliers.bound(), search.lowerBound());
    return new Outcome(choice == null ? null : untranslated(choice, kept), bound, multipliers.price());
  }

  /// Reduced-cost fixing: an option stays when taking it does not lift the bound above the best choice known.
  private static BitSet[] fixed(Table table, Multipliers multipliers, double upper, int[] near) {
    BitSet[] kept = new BitSet[table.units()];
    double spare = upper - multipliers.bound();
    for (int unit = 0; unit < kept.length; unit++) {
      kept[unit] = new BitSet();
      double least = multipliers.priced(table, unit, multipliers.cheapest(table, unit));
      for (int j = 0; j < table.loss()[unit].length; j++) {
        kept[unit].set(j, multipliers.priced(table, unit, j) - least <= spare || j == near[unit]);
      }
    }
    return kept;
  }

  private static int[] translated(int[] choice, BitSet[] kept) {
    int[] result = new int[choice.length];
    Arrays.setAll(result, unit -> kept[unit].get(0, choice[unit]).cardinality());
    return result;
  }

  private static int[] untranslated(int[] choice, BitSet[] kept) {
    int[] result = new int[choice.length];
    Arrays.setAll(result, unit -> kept[unit].stream().skip(choice[unit]).findFirst().orElseThrow());
    return result;
  }

  private static long steps(Table open, int[] order) {
    return (long) order.length * IntStream.of(order).map(unit -> open.loss()[unit].length).sum();
  }

  /// With several resources, the bound's own multipliers and those for each option of the unit decided first, which
  /// may be most of the network (an embedding).
  private static SuffixBound suffix(Table open, int[] order, Multipliers multipliers) {
    if (open.resources() == 1) {
      return new HullBound(open, order);
    }
    List<Multipliers> all = new ArrayList<>(List.of(multipliers));
    if (order.length > 0 && order.length <= MULTIPLIER_UNITS) {
      for (int j = 0; j < open.loss()[order[0]].length; j++) {
        all.add(new LagrangianBound(open.holding(order[0], j)).maximise());
      }
    }
    return new MultiplierBound(open, order, all);
  }

  private static Allocation certified(
      Problem problem, int[] choice, Outcome outcome, Duration time) {
    double loss = problem.objective().loss(choice);
    long[] used = problem.resources().stream().mapToLong(r -> r.used(choice)).toArray();
    for (int r = 0; r < used.length; r++) {
      if (used[r] > problem.resources().get(r).limit()) {
        throw new IllegalStateException("the search overspent " + problem.resources().get(r).name());
      }
    }
    double bound = Math.min(loss, outcome.bound);
    double gap = loss == bound ? 0 : (loss - bound) / Math.max(Math.abs(loss), Double.MIN_NORMAL);
    return new Allocation(choice, loss, bound, gap, used, outcome.price, time);
  }

  /// The exception for a resource: its smallest cost within all other budgets is a knapsack of its own.
  private InfeasibleBudgetException infeasible(Problem problem, int resource) {
    Resource short_ = problem.resources().get(resource);
    List<Resource> others = new ArrayList<>(problem.resources());
    others.remove(resource);
    if (others.stream().anyMatch(r -> r.smallest() > r.limit())) {
      others.clear();
    }
    long smallest = short_.smallest();
    if (!others.isEmpty()) {
      double[][] loss =
          Arrays.stream(short_.cost())
              .map(row -> Arrays.stream(row).asDoubleStream().toArray())
              .toArray(double[][]::new);
      Problem cheapest = new Problem(new Additive(loss), others, problem.ties());
      smallest = short_.used(new MultipleChoiceKnapsack(0, width).allocate(cheapest).choice());
    }
    return new InfeasibleBudgetException(short_.name(), short_.limit(), smallest);
  }
}
