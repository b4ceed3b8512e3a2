package halftone.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Every choice of a small problem.
final class BruteForce {
  private BruteForce() {}

  static void forEach(Problem problem, Consumer<int[]> visit) {
    extend(problem, new int[problem.units()], 0, visit);
  }

  private static void extend(Problem problem, int[] choice, int unit, Consumer<int[]> visit) {
    if (unit == choice.length) {
      if (problem.ties().stream().allMatch(group -> tied(group, choice))) {
        visit.accept(choice);
      }
      return;
    }
    for (int j = 0; j < problem.objective().options()[unit]; j++) {
      choice[unit] = j;
      extend(problem, choice, unit + 1, visit);
    }
  }

  private static boolean tied(int[] group, int[] choice) {
    for (int unit : group) {
      if (choice[unit] != choice[group[0]]) {
        return false;
      }
    }
    return true;
  }

  static boolean fits(Problem problem, int[] choice) {
    return problem.resources().stream().allMatch(r -> r.used(choice) <= r.limit());
  }

  /// Least loss of a choice that fits, infinite when none does.
  static double least(Problem problem) {
    double[] best = {Double.POSITIVE_INFINITY};
    forEach(
        problem,
        choice -> {
          if (fits(problem, choice)) {
            best[0] = Math.min(best[0], problem.objective().loss(choice));
          }
        });
    return best[0];
  }

  /// Least use of a resource by a choice that fits all resources but those of that name; -1 when
  /// none does.
  static long smallest(Problem problem, String name) {
    List<Resource> others = new ArrayList<>(problem.resources());
    others.removeIf(r -> r.name().equals(name));
    Resource resource =
        problem.resources().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    long[] best = {-1};
    forEach(
        problem,
        choice -> {
          boolean fits = others.stream().allMatch(r -> r.used(choice) <= r.limit());
          if (fits && (best[0] < 0 || resource.used(choice) < best[0])) {
            best[0] = resource.used(choice);
          }
        });
    return best[0];
  }
}
