package halftone.store;

import halftone.fuzz.FuzzTarget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// Experiment stores whose database is damaged.
public final class StoreTarget {
  private static final String DATABASE = "experiments.db";

  private StoreTarget() {}

  public static FuzzTarget database(Path folder) throws IOException {
    Path intact = folder.resolve("store");
    try (ExperimentStore store = ExperimentStore.open(intact, message -> {})) {
      store.putText(key("text"), "{\"a\": 1}");
      store.putDoubles(key("doubles"), 1, 2, 3);
      store.putLarge(key("large"), MemorySegment.ofArray(new byte[100]));
      store.finish(store.begin("one", Instant.EPOCH, "recipe"), "record");
    }
    Path damaged = Files.createDirectories(folder.resolve(FuzzTarget.FILE));
    return new FuzzTarget(
        "store",
        2,
        List.of(Files.readAllBytes(intact.resolve(DATABASE))),
        input -> {
          Files.deleteIfExists(damaged.resolve(DATABASE + "-wal"));
          Files.deleteIfExists(damaged.resolve(DATABASE + "-shm"));
          Files.write(damaged.resolve(DATABASE), input);
          use(damaged);
        },
        Set.of(StoreException.class));
  }

  private static void use(Path folder) {
    try (ExperimentStore store = ExperimentStore.open(folder, message -> {})) {
      store.findText(key("text"));
      store.findDoubles(key("doubles"));
      store.findLarge(key("large"));
      store.runs();
      store.put(key("new"), "x".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Key key(String name) {
    return Key.of("fuzz").with("name", name).key();
  }
}
