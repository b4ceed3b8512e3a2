package halftone.app.doctor;

import java.util.List;

/// Everything the doctor looks at, in the order it is told.
final class Checks {
  static final List<Check> ALL =
      List.of(
          new ProcessorCheck(),
          new VectorCheck(),
          new MemoryCheck(),
          new JavaCheck(),
          new FolderCheck("folder"),
          new FolderCheck("store"),
          new DatabaseCheck(),
          new GradientsCheck(),
          new SpeedCheck());

  private Checks() {}
}
