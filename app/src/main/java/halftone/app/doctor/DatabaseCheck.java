package halftone.app.doctor;

import halftone.store.ExperimentStore;
import halftone.store.Key;
import halftone.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Whether finished work can be kept: SQLite's native library is unpacked and loaded, and a value
/// comes back. In a temporary folder: the store itself is left alone.
record DatabaseCheck() implements Check {
  private static final String TOPIC = "database";

  @Override
  public Finding look(Path store) {
    try {
      Path folder = Files.createTempDirectory("halftone-doctor");
      try {
        return new Finding(
            TOPIC, List.of(Fact.of("keeps what it is given", keeps(folder))), List.of());
      } finally {
        delete(folder);
      }
    } catch (IOException | StoreException | LinkageError broken) {
      return new Finding(
          TOPIC,
          List.of(),
          List.of(
              new Remark(
                  Verdict.MISSING,
                  "finished work cannot be kept: " + broken,
                  "give SQLite a folder from which libraries may be loaded:"
                      + " HALFTONE_JAVA_OPTIONS=-Dorg.sqlite.tmpdir=FOLDER")));
    }
  }

  private static boolean keeps(Path folder) {
    try (ExperimentStore store = ExperimentStore.open(folder, report -> {})) {
      Key key = Key.of("doctor").with("question", "does it keep?").key();
      store.putText(key, "yes");
      return store.findText(key).isPresent();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
