package halftone.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  @TempDir Path folder;

  private Process start(String writer, int values) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString(),
                writer,
                String.valueOf(values)))
        .redirectOutput(output(writer).toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aKilledProcessLosesNothingItKept() throws Exception {
    for (int kill = 1; kill <= 3; kill++) {
      Process process = start("w" + kill, Integer.MAX_VALUE);
      while (said("w" + kill) < 30 * kill && process.isAlive()) {
        Thread.sleep(2);
      }
      assertThat(process.isAlive()).isTrue();
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertKept("w" + kill, said("w" + kill));
    }
  }

  /// Values that a process said it has kept; the last line may be cut off.
  private int said(String writer) throws IOException {
    String output = Files.readString(output(writer));
    return (int) output.chars().filter(c -> c == '\n').count();
  }

  private Path output(String writer) {
    return folder.resolve(writer + ".out");
  }

  @Test
  void twoProcessesShareOneStore() throws Exception {
    Process first = start("first", 150);
    Process second = start("second", 150);
    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();
    assertKept("first", 150);
    assertKept("second", 150);
  }

  private void assertKept(String writer, int count) {
    try (ExperimentStore store = ExperimentStore.open(folder, message -> {})) {
      for (int i = 0; i < count; i++) {
        assertThat(store.findDoubles(Writer.key(writer, i)).orElseThrow())
            .containsExactly(i, Math.sqrt(i));
      }
    }
  }
}
