package halftone.allocation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One option for every unit, least loss, every resource within its limit.
///
/// @param resources one to three budgets over the units and options of the objective
/// @param ties groups of units that must take the same option number (fused q/k/v, residual
///   branches)
public record Problem(Objective objective, List<Resource> resources, List<int[]> ties) {
  public Problem {
    resources = List.copyOf(resources);
    ties = ties.stream().map(int[]::clone).toList();
    int[] options = objective.options();
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("a problem needs at least one resource");
    }
    checkResources(resources, options);
    checkTies(ties, options);
  }

  /// An additive problem without ties.
  public Problem(double[][] loss, Resource... resources) {
    this(new Additive(loss), List.of(resources), List.of());
  }

  private static void checkResources(List<Resource> resources, int[] options) {
    Set<String> names = new HashSet<>();
    for (Resource resource : resources) {
      if (!names.add(resource.name())) {
        throw new IllegalArgumentException("two resources are named " + resource.name());
      }
      int[] counts = Arrays.stream(resource.cost()).mapToInt(row -> row.length).toArray();
      if (!Arrays.equals(counts, options)) {
        throw new IllegalArgumentException(
            "resource %s has option counts %s, the losses have %s"
                .formatted(resource.name(), Arrays.toString(counts), Arrays.toString(options)));
      }
    }
  }

  private static void checkTies(List<int[]> ties, int[] options) {
    Set<Integer> tied = new HashSet<>();
    for (int[] group : ties) {
      for (int unit : group) {
        if (unit < 0 || unit >= options.length) {
          throw new IllegalArgumentException(
              "a tie names unit %d, units go from 0 to %d".formatted(unit, options.length - 1));
        }
        if (!tied.add(unit)) {
          throw new IllegalArgumentException("unit " + unit + " is in more than one tie");
        }
        if (options[unit] != options[group[0]]) {
          throw new IllegalArgumentException(
              "tied units %d and %d have %d and %d options"
                  .formatted(group[0], unit, options[group[0]], options[unit]));
        }
      }
    }
  }

  public int units() {
    return objective.options().length;
  }

  /// The least that any choice spends on one resource, whatever the limits.
  public long smallest(int resource) {
    return Table.of(this).least(resource);
  }

  /// The same problem with another limit on its first resource.
  public Problem within(long limit) {
    List<Resource> changed = new java.util.ArrayList<>(resources);
    changed.set(0, resources.getFirst().within(limit));
    return new Problem(objective, changed, ties);
  }

  /// Units in which an option costs more of a resource than another and still loses more. Legal
  /// (measured tables are noisy), but worth a line in a report.
  public int[] nonMonotoneUnits(int resource) {
    Additive additive = (Additive) objective;
    long[][] cost = resources.get(resource).cost();
    return java.util.stream.IntStream.range(0, units())
        .filter(unit -> !monotone(additive.table()[unit], cost[unit]))
        .toArray();
  }

  private static boolean monotone(double[] loss, long[] cost) {
    for (int i = 0; i < loss.length; i++) {
      for (int j = 0; j < loss.length; j++) {
        if (cost[i] > cost[j] && loss[i] > loss[j]) {
          return false;
        }
      }
    }
    return true;
  }
}
