package halftone.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Everything measured, in a folder: `experiments.db` (SQLite) and, beside it, `blobs/` for large
/// results. Appended, never edited: the first value under a key stays. What [#put] returned from is
/// on the disk; a process killed at any moment loses nothing of it. Safe for several threads and
/// several processes.
///
/// SQLite's native library is unpacked to `java.io.tmpdir` when first used; the system property
/// `org.sqlite.tmpdir` names another folder.
public final class ExperimentStore implements AutoCloseable {
  private final Path file;
  private final Database database;
  private final BlobFolder blobs;

  private ExperimentStore(Path folder, Consumer<String> report) {
    this.file = folder.resolve("experiments.db");
    this.database = Database.open(file);
    this.blobs = new BlobFolder(folder.resolve("blobs"), report);
  }

  /// Opens or creates the store in a folder.
  ///
  /// @param report told about large results that are missing or damaged and therefore count as
  ///   absent
  /// @throws StoreException naming the file and the remedy
  public static ExperimentStore open(Path folder, Consumer<String> report) {
    return new ExperimentStore(folder, report);
  }

  /// @throws StoreException when the value is not what was put: the file was damaged from outside
  public Optional<byte[]> find(Key key) {
    return database
        .select(
            "SELECT value, hash FROM result WHERE kind=? AND inputs=?",
            row -> verified(key, row.getBytes(1), row.getString(2)),
            key.kind(),
            key.inputs().hex())
        .stream()
        .findFirst();
  }

  private byte[] verified(Key key, byte @Nullable [] value, String hash) {
    if (value == null || !ContentHash.of(value).hex().equals(hash)) {
      throw Database.damaged(file, "the value of " + key + " has changed");
    }
    return value;
  }

  /// Keeps a value; one that is there already stays.
  public void put(Key key, byte[] value) {
    database.insert(
        "INSERT OR IGNORE INTO result VALUES (?, ?, ?, ?)",
        key.kind(),
        key.inputs().hex(),
        value,
        ContentHash.of(value).hex());
  }

  public Optional<double[]> findDoubles(Key key) {
    return find(key).map(ExperimentStore::doubles);
  }

  private static double[] doubles(byte[] bytes) {
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }

  /// Bit for bit, NaN included.
  public void putDoubles(Key key, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    put(key, bytes.array());
  }

  /// Text, usually JSON.
  public Optional<String> findText(Key key) {
    return find(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  public void putText(Key key, String text) {
    put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  /// A large value (quantized tensors), mapped and verified.
  public Optional<MemorySegment> findLarge(Key key) {
    return database
        .select(
            "SELECT hash FROM large WHERE kind=? AND inputs=? ORDER BY hash",
            row -> hash(key, row.getString(1)),
            key.kind(),
            key.inputs().hex())
        .stream()
        .flatMap(hash -> blobs.find(hash).stream())
        .findFirst();
  }

  private ContentHash hash(Key key, @Nullable String hex) {
    try {
      return new ContentHash(String.valueOf(hex));
    } catch (IllegalArgumentException e) {
      throw Database.damaged(file, "the hash of " + key + " has changed");
    }
  }

  /// The file first, then the row: a row never names a file that was not complete.
  public void putLarge(Key key, MemorySegment value) {
    ContentHash hash = blobs.put(value);
    database.insert(
        "INSERT OR IGNORE INTO large VALUES (?, ?, ?)", key.kind(), key.inputs().hex(), hash.hex());
  }

  /// Records that a run begins.
  ///
  /// @throws StoreException when there is a run of this id
  public Run begin(String id, Instant started, String recipe) {
    if (!database.insert(
        "INSERT OR IGNORE INTO run VALUES (?, ?, ?)", id, started.toString(), recipe)) {
      throw new StoreException("%s has a run named %s; runs are never edited".formatted(file, id));
    }
    return new Run(id, started, recipe, Optional.empty());
  }

  /// Records what came of a run, once.
  ///
  /// @throws StoreException when the run never began or has its record
  public Run finish(Run run, String record) {
    if (!database.insert(
        "INSERT OR IGNORE INTO finished SELECT id, ? FROM run WHERE id=?", record, run.id())) {
      throw new StoreException(
          "%s has no run named %s, or has its record".formatted(file, run.id()));
    }
    return new Run(run.id(), run.started(), run.recipe(), Optional.of(record));
  }

  /// All runs, the oldest first.
  public List<Run> runs() {
    return database.select(
        "SELECT run.id, started, recipe, record FROM run LEFT JOIN finished USING (id) ORDER BY"
            + " run.rowid",
        row ->
            new Run(
                row.getString(1),
                started(row.getString(2)),
                row.getString(3),
                Optional.ofNullable(row.getString(4))));
  }

  private Instant started(@Nullable String time) {
    try {
      return Instant.parse(String.valueOf(time));
    } catch (DateTimeParseException e) {
      throw Database.damaged(file, "a run's time has changed");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
