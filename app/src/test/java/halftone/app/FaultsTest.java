package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import halftone.model.TinyLlama;
import halftone.store.ExperimentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Faults of the machine: nothing is lost, nothing half-written, and one line says what to do.
@EnabledOnOs(OS.LINUX)
class FaultsTest {
  /// Of 512 bytes, the shell's unit.
  private static final int BLOCK = 512;

  @TempDir private Path folder;
  private HalftoneProcess halftone;
  private Path model;
  private Path results;

  @BeforeEach
  void writesAModel() throws IOException {
    halftone = HalftoneProcess.in(Files.createDirectory(folder.resolve("process")));
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
    results = Files.createDirectory(folder.resolve("results"));
  }

  private static void assertFailed(HalftoneProcess.Result result, String... named) {
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.FAILED);
    List<String> lines =
        result.err().lines().filter(line -> line.startsWith("halftone: ")).toList();
    assertThat(lines).as(result.err()).isNotEmpty();
    for (String name : named) {
      assertThat(lines.getLast()).contains(name);
    }
    assertThat(result.err()).doesNotContain("\tat ");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFullDiskLeavesNoOutput() throws IOException, InterruptedException {
    Path output = results.resolve("out.gguf");
    for (int limit : List.of(0, 20, 700)) {
      HalftoneProcess.Result result =
          halftone.run("ulimit -f " + limit, "quantize", model, "--preset", "q8_0", "-o", output);
      assertThat(names(results)).isEmpty();
      if (limit > 0) { // at 0 the message itself finds no room
        assertFailed(result, output.toString(), "free space");
      }
    }
  }

  @Test
  void aFullDiskKeepsAnEarlierOutput() throws IOException, InterruptedException {
    Path output = Files.writeString(results.resolve("out.gguf"), "earlier");
    HalftoneProcess.Result result =
        halftone.run("ulimit -f 700", "quantize", model, "--preset", "q8_0", "-o", output);
    assertFailed(result, output.toString());
    assertThat(output).hasContent("earlier");
    assertThat(names(results)).containsExactly("out.gguf");
  }

  /// The limit meets the store's database, its large results, the output or the report, whichever
  /// grows first; what was finished before stays, and the next run needs no more than the rest.
  @Test
  void aFullDiskUnderTheStoreLosesNothing() throws IOException, InterruptedException {
    Path output = results.resolve("out.gguf");
    Path store = folder.resolve("store");
    long kept = 0;
    for (int bytes : List.of(20_000, 400_000)) {
      HalftoneProcess.Result result =
          halftone.run("ulimit -f " + bytes / BLOCK, road(output, store));
      if (result.exit() != ExitCode.OK) {
        assertFailed(result);
        assertThat(result.err()).containsAnyOf("space", "write elsewhere", "another store");
      }
      assertThat(names(results)).noneMatch(name -> name.endsWith(".part"));
      assertThat(kept(store)).isGreaterThanOrEqualTo(kept);
      kept = kept(store);
    }
    assertThat(kept).isPositive();
    assertThat(halftone.run(":", road(output, store)).exit()).isEqualTo(ExitCode.OK);
    Path undisturbed = folder.resolve("undisturbed.gguf");
    assertThat(halftone.run(":", road(undisturbed, folder.resolve("other"))).exit())
        .isEqualTo(ExitCode.OK);
    assertThat(output).hasSameBinaryContentAs(undisturbed);
  }

  private Object[] road(Path output, Path store) {
    return new Object[] {
      "quantize", model, "--size", 1_000_000, "--effort", "fast", "-o", output, "--store", store
    };
  }

  private static long kept(Path store) {
    if (!Files.exists(store.resolve("experiments.db"))) {
      return 0;
    }
    String url = "jdbc:sqlite:" + store.resolve("experiments.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("SELECT count(*) FROM result").getLong(1);
    } catch (SQLException beforeItsTables) {
      return 0;
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException, InterruptedException {
    Files.setPosixFilePermissions(results, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeFalse(Files.isWritable(results), "the user of this test may write everywhere (root?)");
      Path output = results.resolve("out.gguf");
      assertFailed(
          halftone.run(":", "quantize", model, "--preset", "q8_0", "-o", output),
          results.toString(),
          "access denied");
      assertFailed(
          halftone.run(":", road(folder.resolve("out.gguf"), results.resolve("store"))),
          results.toString(),
          "choose another");
      assertFailed(
          halftone.run(":", road(output, folder.resolve("store"))),
          results.toString(),
          "access denied");
      assertThat(names(results)).isEmpty();
    } finally {
      Files.setPosixFilePermissions(results, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /// Where nobody may write, root either.
  @Test
  void aFileSystemThatTakesNoFilesIsNamed() throws IOException, InterruptedException {
    Path nowhere = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(nowhere), "no /proc here");
    assertFailed(
        halftone.run(":", "quantize", model, "--preset", "q8_0", "-o", nowhere.resolve("out.gguf")),
        nowhere.toString());
    assertFailed(
        halftone.run(":", road(results.resolve("out.gguf"), nowhere.resolve("store"))),
        nowhere.toString(),
        "choose another");
    assertThat(names(results)).isEmpty();
  }

  @Test
  void aStoreOfANewerVersionStaysAsItIs() throws IOException, SQLException, InterruptedException {
    Path store = folder.resolve("store");
    ExperimentStore.open(store, message -> {}).close();
    String url = "jdbc:sqlite:" + store.resolve("experiments.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version=7");
    }
    SequencedMap<String, byte[]> before = contents(store);
    assertFailed(
        halftone.run(":", road(results.resolve("out.gguf"), store)),
        "experiments.db",
        "newer Halftone",
        "store version 7",
        "choose another store");
    assertThat(contents(store)).usingRecursiveComparison().isEqualTo(before);
    assertThat(names(results)).isEmpty();
  }

  private static SequencedMap<String, byte[]> contents(Path folder) throws IOException {
    SequencedMap<String, byte[]> contents = new TreeMap<>();
    for (String name : names(folder)) {
      if (Files.isRegularFile(folder.resolve(name))) {
        contents.put(name, Files.readAllBytes(folder.resolve(name)));
      }
    }
    return contents;
  }

  @Test
  void twoProcessesMayWriteTheSameFile() throws Exception {
    Path output = results.resolve("out.gguf");
    List<HalftoneProcess.Result> both =
        Stream.of("q8_0", "q8_0").parallel().map(preset -> quantize(preset, output)).toList();
    assertThat(both).allSatisfy(r -> assertThat(r.exit()).as(r.err()).isEqualTo(ExitCode.OK));
    Path alone = folder.resolve("alone.gguf");
    assertThat(quantize("q8_0", alone).exit()).isEqualTo(ExitCode.OK);
    assertThat(output).hasSameBinaryContentAs(alone);
    assertThat(names(results)).containsExactly("out.gguf");
  }

  private HalftoneProcess.Result quantize(String preset, Path output) {
    try {
      return halftone.run(":", "quantize", model, "--preset", preset, "-o", output);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
