package halftone.allocation;

import java.util.Arrays;

/// The textbook dynamic program over every integer cost up to the limit, for one resource: slow,
/// simple, exact.
final class DenseTable {
  private DenseTable() {}

  /// `least[s]`: least loss of all choices that cost at most `s`.
  static double[] least(Problem problem, int largest) {
    double[][] loss = ((Additive) problem.objective()).table();
    long[][] cost = problem.resources().getFirst().cost();
    double[] least = new double[largest + 1];
    for (int unit = 0; unit < loss.length; unit++) {
      double[] next = new double[largest + 1];
      Arrays.fill(next, Double.POSITIVE_INFINITY);
      for (int j = 0; j < loss[unit].length; j++) {
        for (int s = (int) cost[unit][j]; s <= largest; s++) {
          next[s] = Math.min(next[s], least[s - (int) cost[unit][j]] + loss[unit][j]);
        }
      }
      least = next;
    }
    return least;
  }
}
