package halftone.app.doctor;

import java.nio.file.Path;
import java.util.List;

/// The CPU, as the operating system knows it.
record ProcessorCheck() implements Check {
  @Override
  public Finding look(Path store) {
    Processor processor = Processor.here();
    return new Finding(
        "processor",
        List.of(
            Fact.of("model", processor.model()),
            Fact.of("cores usable", Runtime.getRuntime().availableProcessors()),
            Fact.of("instruction sets", processor.instructionSets())),
        List.of());
  }
}
