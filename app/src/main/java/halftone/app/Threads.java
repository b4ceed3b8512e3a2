package halftone.app;

import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import picocli.CommandLine.Option;

/// The option `--threads` of every command that computes.
final class Threads {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that work at once; all processors by default. Results do not depend on it.")
  private int count = Runtime.getRuntime().availableProcessors();

  int count() {
    return count;
  }

  /// To be closed when the work is done.
  ///
  /// @throws IllegalArgumentException when fewer than one is asked for
  Workers workers() {
    return new LocalWorkers(count);
  }
}
