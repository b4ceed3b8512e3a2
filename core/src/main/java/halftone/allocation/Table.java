package halftone.allocation;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// A problem made ready for search: ties merged into one unit, dominated options dropped.
///
/// @param loss `[unit][option]`
/// @param cost `[resource][unit][option]`
/// @param option number in the problem of each remaining option
/// @param members units of the problem that each unit stands for
record Table(double[][] loss, long[][][] cost, long[] limit, int[][] option, int[][] members) {

  static Table of(Problem problem) {
    int[][] members = merged(problem);
    double[][] table = ((Additive) problem.objective()).table();
    List<Resource> resources = problem.resources();
    double[][] loss = new double[members.length][];
    long[][][] cost = new long[resources.size()][members.length][];
    int[][] option = new int[members.length][];
    for (int unit = 0; unit < members.length; unit++) {
      loss[unit] = new double[table[members[unit][0]].length];
      option[unit] = IntStream.range(0, loss[unit].length).toArray();
      for (int member : members[unit]) {
        add(loss[unit], table[member]);
      }
      for (int r = 0; r < cost.length; r++) {
        cost[r][unit] = new long[loss[unit].length];
        for (int member : members[unit]) {
          add(cost[r][unit], resources.get(r).cost()[member]);
        }
      }
    }
    long[] limit = resources.stream().mapToLong(Resource::limit).toArray();
    return new Table(loss, cost, limit, option, members).undominated();
  }

  private static int[][] merged(Problem problem) {
    int[][] members =
        IntStream.range(0, problem.units()).mapToObj(u -> new int[] {u}).toArray(int[][]::new);
    BitSet follows = new BitSet();
    for (int[] group : problem.ties()) {
      int[] sorted = Arrays.stream(group).sorted().toArray();
      if (sorted.length > 0) {
        members[sorted[0]] = sorted;
        Arrays.stream(sorted).skip(1).forEach(follows::set);
      }
    }
    return IntStream.range(0, members.length)
        .filter(u -> !follows.get(u))
        .mapToObj(u -> members[u])
        .toArray(int[][]::new);
  }

  private static void add(double[] sum, double[] term) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += term[j];
    }
  }

  private static void add(long[] sum, long[] term) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] = Math.addExact(sum[j], term[j]);
    }
  }

  int units() {
    return loss.length;
  }

  int resources() {
    return cost.length;
  }

  /// Without options that another one beats or equals in everything; of equals the first stays.
  private Table undominated() {
    BitSet[] kept = new BitSet[units()];
    for (int unit = 0; unit < kept.length; unit++) {
      kept[unit] = new BitSet();
      for (int j = 0; j < loss[unit].length; j++) {
        kept[unit].set(j, !dominated(unit, j));
      }
    }
    return keeping(kept);
  }

  private boolean dominated(int unit, int j) {
    for (int k = 0; k < loss[unit].length; k++) {
      if (k != j && noWorse(unit, k, j) && (k < j || !noWorse(unit, j, k))) {
        return true;
      }
    }
    return false;
  }

  private boolean noWorse(int unit, int k, int j) {
    boolean result = loss[unit][k] <= loss[unit][j];
    for (long[][] resource : cost) {
      result &= resource[unit][k] <= resource[unit][j];
    }
    return result;
  }

  /// Only the options in `kept[unit]`.
  Table keeping(BitSet[] kept) {
    double[][] newLoss = new double[units()][];
    long[][][] newCost = new long[resources()][units()][];
    int[][] newOption = new int[units()][];
    for (int unit = 0; unit < units(); unit++) {
      int u = unit;
      newLoss[u] = kept[u].stream().mapToDouble(j -> loss[u][j]).toArray();
      newOption[u] = kept[u].stream().map(j -> option[u][j]).toArray();
      for (int r = 0; r < newCost.length; r++) {
        long[] costs = cost[r][u];
        newCost[r][u] = kept[u].stream().mapToLong(j -> costs[j]).toArray();
      }
    }
    return new Table(newLoss, newCost, limit, newOption, members);
  }

  /// With `unit` held at its option `j`.
  Table holding(int unit, int j) {
    BitSet[] kept = new BitSet[units()];
    for (int u = 0; u < kept.length; u++) {
      kept[u] = new BitSet();
      kept[u].set(0, loss[u].length);
    }
    kept[unit].clear();
    kept[unit].set(j);
    return keeping(kept);
  }

  double loss(int[] choice) {
    double sum = 0;
    for (int unit = 0; unit < choice.length; unit++) {
      sum += loss[unit][choice[unit]];
    }
    return sum;
  }

  long used(int resource, int[] choice) {
    long sum = 0;
    for (int unit = 0; unit < choice.length; unit++) {
      sum += cost[resource][unit][choice[unit]];
    }
    return sum;
  }

  /// The least that any choice spends on one resource.
  long least(int resource) {
    return Arrays.stream(cost[resource])
        .mapToLong(row -> Arrays.stream(row).min().orElseThrow())
        .sum();
  }

  boolean fits(int[] choice) {
    return IntStream.range(0, resources()).allMatch(r -> used(r, choice) <= limit[r]);
  }

  /// What one limit is worth: divides costs so that budgets of different measures compare.
  double scale(int resource) {
    return Math.max(1, limit[resource]);
  }

  /// A choice of this table in the problem's units and options.
  int[] inProblem(int[] choice) {
    int[] result = new int[Arrays.stream(members).mapToInt(m -> m.length).sum()];
    for (int unit = 0; unit < choice.length; unit++) {
      for (int member : members[unit]) {
        result[member] = option[unit][choice[unit]];
      }
    }
    return result;
  }
}
