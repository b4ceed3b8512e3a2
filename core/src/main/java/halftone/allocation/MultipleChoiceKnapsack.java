package halftone.allocation;

import halftone.method.Card;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Multiple-choice knapsack under one to three budgets, with a certificate: dominance, Lagrangian
/// bound, a choice near it, reduced-cost fixing, and exact dynamic programming for what stays open.
/// Stops by counting states, never by the clock, so the same problem gives the same choice
/// everywhere.
///
/// Source: the integer program of HAWQ-V3 (Yao et al., ICML 2021, arXiv 2011.10680); the methods
/// are textbook (Kellerer, Pferschy, Pisinger, Knapsack Problems, 2004, chapter 11).
///
/// @param gap relative difference in loss that is not worth searching for
/// @param width most partial choices kept after a unit; when more are open the certified gap grows
///   instead
public record MultipleChoiceKnapsack(double gap, int width) implements Allocator {
  /// Exact to nine digits wherever 50,000 states suffice.
  public static final MultipleChoiceKnapsack STANDARD = new MultipleChoiceKnapsack(1e-9, 50_000);

  private static final Card CARD =
      new Card(
          "multiple-choice-knapsack",
          "Multiple-choice knapsack with a certified gap",
          "Yao et al., HAWQ-V3, ICML 2021, arXiv 2011.10680; Kellerer et al., Knapsack Problems,"
              + " 2004",
          Set.of());
  private static final int MOST_RESOURCES = 3;
  private static final long MOST_STATES = 12_000_000;
  private static final long MOST_STEPS = 300_000_000;
  private static final int SEVERAL = 25;

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

  /// @throws UnprovedException when no choice that fits was found and `width` was too small to
  ///   prove that none exists
  @Override
  public Allocation allocate(Problem problem) {
    long start = System.nanoTime();
    if (problem.resources().size() > MOST_RESOURCES) {
      throw new IllegalArgumentException(
          "at most %d resources, not %d".formatted(MOST_RESOURCES, problem.resources().size()));
    }
    Table table = Table.of(problem);
    for (int r = 0; r < table.resources(); r++) {
      if (table.least(r) > table.limit()[r]) {
        throw infeasible(problem, r);
      }
    }
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

  /// Every choice on the lower convex hull of (cost, loss) for the problem's one resource, whatever
  /// its limit.
  public Frontier frontier(Problem problem) {
    requireOneResource(problem);
    return new Frontier(problem);
  }

  /// The smallest cost at which a loss of at most `most` is reached, for the problem's one
  /// resource, whatever its limit; and the best choice at that cost.
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

  private Outcome search(Table table) {
    Multipliers multipliers = new LagrangianBound(table).maximise();
    if (multipliers.infeasible()) {
      return new Outcome(null, Double.POSITIVE_INFINITY, multipliers.price());
    }
    Core core = new Core(table, multipliers);
    if (table.resources() > 1) {
      core.probe();
    }
    double wanted = core.upper() - gap * Math.abs(core.upper());
    return core.bound() >= wanted || core.bound() == Double.POSITIVE_INFINITY
        ? new Outcome(core.best(), core.bound(), multipliers.price())
        : exact(core);
  }

  private Outcome exact(Core core) {
    Multipliers multipliers = core.multipliers();
    Table open = core.open();
    int[] order = ParetoSearch.order(open);
    if (steps(open, order) > MOST_STEPS) {
      return new Outcome(core.best(), core.bound(), multipliers.price());
    }
    SuffixBound suffix =
        open.resources() == 1
            ? new HullBound(open, order)
            : new MultiplierBound(open, order, core.visited());
    ParetoSearch search =
        new ParetoSearch(
            open, order, suffix, core.bestOpen(), gap, states(order, open.resources()));
    int[] choice = search.run();
    double bound = Math.max(core.bound(), search.lowerBound());
    return new Outcome(choice == null ? null : core.whole(choice), bound, multipliers.price());
  }

  /// States with several resources cost more and are rarely dominated: fewer are kept.
  private int states(int[] order, int resources) {
    long most = Math.min(width, MOST_STATES / Math.max(1, order.length));
    return (int) Math.max(1, resources == 1 ? most : most / SEVERAL);
  }

  private static long steps(Table open, int[] order) {
    return (long) order.length * IntStream.of(order).map(unit -> open.loss()[unit].length).sum();
  }

  private static Allocation certified(
      Problem problem, int[] choice, Outcome outcome, Duration time) {
    double loss = problem.objective().loss(choice);
    long[] used = problem.resources().stream().mapToLong(r -> r.used(choice)).toArray();
    for (int r = 0; r < used.length; r++) {
      if (used[r] > problem.resources().get(r).limit()) {
        throw new IllegalStateException(
            "the search overspent " + problem.resources().get(r).name());
      }
    }
    double bound = Math.min(loss, outcome.bound);
    double gap = loss == bound ? 0 : (loss - bound) / Math.max(Math.abs(loss), Double.MIN_NORMAL);
    return new Allocation(choice, loss, bound, gap, used, outcome.price, time);
  }

  /// The exception for a resource. Its smallest cost within the other budgets is a knapsack of its
  /// own; where these budgets exclude each other too, their own exception is the clearer one.
  private InfeasibleBudgetException infeasible(Problem problem, int resource) {
    Resource tight = problem.resources().get(resource);
    List<Resource> others = new ArrayList<>(problem.resources());
    others.remove(resource);
    long smallest = problem.smallest(resource);
    if (!others.isEmpty() && smallest <= tight.limit()) {
      Problem cheapest = new Problem(new Additive(asLoss(tight)), others, problem.ties());
      smallest = tight.used(new MultipleChoiceKnapsack(0, width).allocate(cheapest).choice());
    }
    return new InfeasibleBudgetException(tight.name(), tight.limit(), smallest);
  }

  /// Costs as something to minimise; exact below 2^53.
  static double[][] asLoss(Resource resource) {
    return Arrays.stream(resource.cost())
        .map(row -> Arrays.stream(row).asDoubleStream().toArray())
        .toArray(double[][]::new);
  }
}
