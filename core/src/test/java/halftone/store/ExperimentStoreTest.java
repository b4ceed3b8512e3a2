package halftone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentStoreTest {
  @TempDir Path folder;
  private final List<String> reports = new ArrayList<>();

  private ExperimentStore open() {
    return ExperimentStore.open(folder, reports::add);
  }

  private static Key key(int i) {
    return Key.of("test").with("i", i).key();
  }

  @Test
  void findsWhatWasPutAfterReopening() {
    byte[] bytes = {1, 2, 3, 0};
    double[] doubles = {1.5, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE};
    try (ExperimentStore store = open()) {
      assertThat(store.find(key(1))).isEmpty();
      store.put(key(1), bytes);
      store.putDoubles(key(2), doubles);
      store.putText(key(3), "{\"é\": \"漢字\"}");
      store.put(key(4), new byte[0]);
    }
    try (ExperimentStore store = open()) {
      assertThat(store.find(key(1))).hasValue(bytes);
      assertThat(store.findDoubles(key(2)).orElseThrow()).containsExactly(doubles);
      assertThat(store.findText(key(3))).hasValue("{\"é\": \"漢字\"}");
      assertThat(store.find(key(4))).hasValue(new byte[0]);
    }
  }

  @Test
  void theFirstValueStays() throws SQLException {
    try (ExperimentStore store = open()) {
      store.putText(key(1), "first");
      store.putText(key(1), "second");
      assertThat(store.findText(key(1))).hasValue("first");
    }
    assertThatThrownBy(() -> execute("UPDATE result SET value=x'00'"))
        .hasMessageContaining("never edited");
    assertThatThrownBy(() -> execute("DELETE FROM result")).hasMessageContaining("never edited");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("experiments.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void keepsRunsInOrderAndFinishesThemOnce() {
    try (ExperimentStore store = open()) {
      Run first = store.begin("b", Instant.parse("2026-01-01T00:00:00Z"), "quantize x --bits 4");
      store.begin("a", Instant.parse("2026-01-02T00:00:00Z"), "quantize y");
      Run finished = store.finish(first, "{\"kl\": 0.1}");
      assertThat(finished.record()).hasValue("{\"kl\": 0.1}");
      assertThat(store.runs()).extracting(Run::id).containsExactly("b", "a");
      assertThat(store.runs().getFirst()).isEqualTo(finished);
      assertThat(store.runs().getLast().record()).isEqualTo(Optional.empty());
      assertThatThrownBy(() -> store.finish(first, "{}")).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> store.begin("b", Instant.EPOCH, ""))
          .hasMessageContaining("never edited");
    }
  }

  @Test
  void refusesAStoreOfANewerVersion() throws SQLException {
    open().close();
    execute("PRAGMA user_version=2");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("experiments.db was written by a newer Halftone (store version 2");
  }

  @Test
  void refusesAnotherProgramsDatabase() throws SQLException {
    execute("CREATE TABLE other (x)");
    assertThatThrownBy(this::open).hasMessageContaining("another program's database");
  }

  @Test
  void namesADamagedFileAndTheRemedy() throws IOException {
    Files.writeString(folder.resolve("experiments.db"), "not a database ".repeat(1000));
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("experiments.db")
        .hasMessageContaining("move it away");
  }

  @Test
  void noticesDamageAnywhereInTheFile() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] value = new byte[20_000];
    random.nextBytes(value);
    try (ExperimentStore store = open()) {
      store.put(key(1), value);
    }
    Path file = folder.resolve("experiments.db");
    byte[] good = Files.readAllBytes(file);
    int noticed = 0;
    for (int trial = 0; trial < 40; trial++) {
      byte[] bad = good.clone();
      bad[good.length - 1 - random.nextInt(15_000)] ^= 1;
      Files.write(file, bad);
      try (ExperimentStore store = open()) {
        assertThat(store.find(key(1)).filter(found -> !java.util.Arrays.equals(found, value)))
            .isEmpty();
      } catch (StoreException e) {
        assertThat(e).hasMessageContaining("experiments.db").hasMessageContaining("move it away");
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(20);
  }

  @Test
  void namesAFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> ExperimentStore.open(file.resolve("store"), reports::add))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("store")
        .hasMessageContaining("choose another");
  }

  @Test
  void namesAReadOnlyFolder() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    assertThat(locked.toFile().setWritable(false)).isTrue();
    Assumptions.assumeFalse(Files.isWritable(locked), "root writes everywhere");
    assertThatThrownBy(() -> ExperimentStore.open(locked, reports::add))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("locked")
        .hasMessageContaining("writable");
  }

  @Test
  void worksInAFolderOfAnyName() {
    Path odd = folder.resolve("a folder?with=%41 odd #name&é");
    try (ExperimentStore store = ExperimentStore.open(odd, reports::add)) {
      store.putText(key(1), "here");
    }
    assertThat(odd.resolve("experiments.db")).isRegularFile();
  }

  @Test
  void keepsLargeValuesInFilesAndTreatsDamagedOnesAsAbsent() throws IOException {
    byte[] bytes = new byte[3_000_000];
    new SplittableRandom(1).nextBytes(bytes);
    try (ExperimentStore store = open()) {
      assertThat(store.findLarge(key(1))).isEmpty();
      store.putLarge(key(1), MemorySegment.ofArray(bytes));
      assertThat(store.findLarge(key(1)).orElseThrow().toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(bytes);
      assertThat(reports).isEmpty();
      flip(blob(), 1_234_567);
      assertThat(store.findLarge(key(1))).isEmpty();
      assertThat(reports).singleElement().asString().contains("damaged");
      store.putLarge(key(1), MemorySegment.ofArray(bytes));
      assertThat(store.findLarge(key(1))).isPresent();
      Files.delete(blob());
      assertThat(store.findLarge(key(1))).isEmpty();
      assertThat(reports).hasSize(2).last().asString().contains("missing");
      byte[] other = {1, 2};
      store.putLarge(key(1), MemorySegment.ofArray(other));
      assertThat(store.findLarge(key(1)).orElseThrow().toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(other);
    }
  }

  private Path blob() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1);
    }
  }
}
