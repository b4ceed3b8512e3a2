package halftone.bench.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// Ways to do the same that take turns, so that a machine that others use too is as slow for one as
/// for the other. The median of each counts.
final class Turns {
  private static final int ROUNDS = 15;

  /// Before anything counts each has run so long, for the compiler to end its work.
  private static final long WARM_UP = 1_500_000_000L;

  private static final int LEAST_WARM_UPS = 3;

  private final SequencedMap<String, Runnable> sides = new LinkedHashMap<>();

  Turns side(String name, Runnable work) {
    sides.put(name, work);
    return this;
  }

  /// Seconds of each side.
  record Medians(SequencedMap<String, Double> seconds) {
    double of(String side) {
      return Objects.requireNonNull(seconds.get(side), side);
    }

    double ratio(String one, String other) {
      return of(one) / of(other);
    }
  }

  Medians medians() {
    sides.values().forEach(Turns::warmUp);
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      sides.forEach(
          (name, work) ->
              seconds.computeIfAbsent(name, each -> new ArrayList<>()).add(seconds(work)));
    }
    SequencedMap<String, Double> medians = new LinkedHashMap<>();
    seconds.forEach(
        (name, all) -> medians.put(name, all.stream().sorted().toList().get(ROUNDS / 2)));
    return new Medians(medians);
  }

  private static void warmUp(Runnable work) {
    long end = System.nanoTime() + WARM_UP;
    for (int run = 0; run < LEAST_WARM_UPS || System.nanoTime() < end; run++) {
      work.run();
    }
  }

  private static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
