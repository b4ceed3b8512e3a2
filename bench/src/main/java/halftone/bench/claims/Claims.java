package halftone.bench.claims;

import halftone.machine.InstructionSet;
import halftone.speed.MachineSpeed;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Measures the claims named on the command line, or all, on two threads.
public final class Claims {
  private static final int THREADS = 2;

  private static final Map<String, Consumer<Workers>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("fused", FusedProduct::measure);
    ALL.put("traffic", WeightTraffic::measure);
    ALL.put("split", SplitColumns::measure);
    ALL.put("planes", BitPlaneWidths::measure);
    ALL.put("mixed", MixedBlocks::measure);
  }

  private Claims() {}

  public static void main(String[] arguments) {
    List<String> names = arguments.length == 0 ? List.copyOf(ALL.keySet()) : List.of(arguments);
    if (!ALL.keySet().containsAll(names)) {
      System.err.printf("there are these claims: %s; not all of %s%n", ALL.keySet(), names);
      System.exit(2);
    }
    MachineSpeed.awaitCompiler();
    MachineSpeed one = MachineSpeed.measure(1);
    MachineSpeed two = MachineSpeed.measure(THREADS);
    System.out.printf(
        "%s, %d threads: %.0f Gmac/s of floats (%.2f times one thread's), %.0f of bytes, %.1f GB/s read%n",
        InstructionSet.chosen().id(),
        THREADS,
        two.floats() / 1e9,
        two.floats() / one.floats(),
        two.integers() / 1e9,
        two.bytes() / 1e9);
    try (Workers workers = new LocalWorkers(THREADS)) {
      for (String name : names) {
        System.out.printf("%n== %s%n", name);
        Objects.requireNonNull(ALL.get(name)).accept(workers);
      }
    }
  }
}
