package halftone.allocation;

import java.util.List;

/// Least cost within a loss: the knapsack with cost and loss exchanged. Losses become integers,
/// rounded up, of which 2^52 make the widest possible loss; the choice found is checked against the
/// losses themselves.
final class DualKnapsack {
  private final MultipleChoiceKnapsack solver;
  private final Problem problem;
  private final Resource resource;
  private final double[] least;
  private final double leastSum;
  private final double granule;

  DualKnapsack(MultipleChoiceKnapsack solver, Problem problem) {
    this.solver = solver;
    this.problem = problem;
    this.resource = problem.resources().getFirst();
    double[][] table = ((Additive) problem.objective()).table();
    this.least = new double[table.length];
    double range = 0;
    for (int unit = 0; unit < table.length; unit++) {
      least[unit] = java.util.Arrays.stream(table[unit]).min().orElseThrow();
      range += java.util.Arrays.stream(table[unit]).max().orElseThrow() - least[unit];
    }
    this.granule = range > 0 ? Math.scalb(range, -52) : 1;
    this.leastSum = smallestLoss();
  }

  private double smallestLoss() {
    long all = Long.MAX_VALUE;
    return solver.allocate(problem.within(all)).loss();
  }

  SmallestWithin smallest(double most) {
    if (!(most >= leastSum)) {
      throw new UnreachableLossException(most, leastSum);
    }
    Resource loss = loss();
    double offset = java.util.Arrays.stream(least).sum();
    long whole = (long) Math.min(Math.scalb(1.0, 53), Math.floor((most - offset) / granule));
    Allocation dual = solver.allocate(dual(loss.within(whole + problem.units())));
    if (problem.objective().loss(dual.choice()) > most) {
      dual = solver.allocate(dual(loss.within(Math.max(whole, dual(loss).smallest(0)))));
    }
    long cost = resource.used(dual.choice());
    Allocation best = solver.allocate(problem.within(cost));
    return new SmallestWithin(best, Math.min(cost, (long) Math.ceil(dual.lowerBound())));
  }

  private Resource loss() {
    double[][] table = ((Additive) problem.objective()).table();
    long[][] rounded = new long[table.length][];
    for (int unit = 0; unit < table.length; unit++) {
      double base = least[unit];
      rounded[unit] =
          java.util.Arrays.stream(table[unit])
              .mapToLong(loss -> (long) Math.ceil((loss - base) / granule))
              .toArray();
    }
    return new Resource("loss", rounded, 0);
  }

  private Problem dual(Resource loss) {
    return new Problem(
        new Additive(MultipleChoiceKnapsack.asLoss(resource)), List.of(loss), problem.ties());
  }
}
