package halftone.app.doctor;

import halftone.kernel.VectorUnit;
import halftone.speed.MachineSpeed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Half a second of measurement: what the kernels will get.
record SpeedCheck() implements Check {
  @Override
  public Finding look(Path store) {
    if (!VectorUnit.isPresent()) {
      return new Finding("speed", List.of(), List.of());
    }
    int cores = Runtime.getRuntime().availableProcessors();
    MachineSpeed.awaitCompiler();
    MachineSpeed alone = MachineSpeed.measure(1);
    MachineSpeed together = MachineSpeed.measure(cores);
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.measured("products of floats on one core", alone.floats() / 1e9, "Gmac/s"));
    facts.add(
        Fact.measured(
            "products of floats on each of all cores", together.floats() / cores / 1e9, "Gmac/s"));
    if (together.integers() > 0) {
      facts.add(
          Fact.measured(
              "products of bytes on each of all cores",
              together.integers() / cores / 1e9,
              "Gmac/s"));
    }
    facts.add(Fact.measured("memory read by one core", alone.bytes() / 1e9, "GB/s"));
    facts.add(Fact.measured("memory read by all cores", together.bytes() / 1e9, "GB/s"));
    return new Finding("speed", facts, List.of());
  }
}
