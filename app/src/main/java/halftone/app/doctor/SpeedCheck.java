package halftone.app.doctor;

import halftone.kernel.VectorUnit;
import java.nio.file.Path;
import java.util.List;

/// Half a second of measurement: what the kernels will get.
record SpeedCheck() implements Check {
  @Override
  public Finding look(Path store) {
    if (!VectorUnit.isPresent()) {
      return new Finding("speed", List.of(), List.of());
    }
    int cores = Runtime.getRuntime().availableProcessors();
    Speed.awaitCompiler();
    Speed alone = Speed.measure(1);
    Speed together = Speed.measure(cores);
    return new Finding(
        "speed",
        List.of(
            Fact.measured("products on one core", alone.multiplyAdds() / 1e9, "Gmac/s"),
            Fact.measured(
                "products on each of all cores", together.multiplyAdds() / cores / 1e9, "Gmac/s"),
            Fact.measured("memory read by one core", alone.bytes() / 1e9, "GB/s"),
            Fact.measured("memory read by all cores", together.bytes() / 1e9, "GB/s")),
        List.of());
  }
}
