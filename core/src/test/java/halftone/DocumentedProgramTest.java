package halftone;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java programs that the documents show are compiled and run as they stand there.
class DocumentedProgramTest {
  private static final Pattern PROGRAM = Pattern.compile("(?s)\\n```java\\n(.*?)\\n```\\n");

  @TempDir private Path folder;

  @Test
  void theReadmesProgramRuns() throws IOException, InterruptedException {
    assertThat(run(onlyProgramOf("README.md"))).contains(" bytes");
    requireASmallerModel();
  }

  @Test
  void theLibraryPagesProgramRuns() throws IOException, InterruptedException {
    assertThat(run(onlyProgramOf("docs/library.md")))
        .contains("calibration: ")
        .contains("token_embd.weight Q8_0: pinned");
    requireASmallerModel();
  }

  private static String onlyProgramOf(String page) {
    String text = SourceTree.text(SourceTree.read().root().resolve(page));
    List<String> programs =
        PROGRAM.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    assertThat(programs).hasSize(1);
    return programs.getFirst();
  }

  /// What the program prints: java compiles it in memory.
  private String run(String program) throws IOException, InterruptedException {
    new TinyLlama(64, 2, 4, 2, 128, false, 7).write(folder.resolve("tiny.gguf"));
    Path source = Files.writeString(folder.resolve("Example.java"), program);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                source.toString(),
                "tiny.gguf")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }

  private void requireASmallerModel() throws IOException {
    Path small = folder.resolve("small.gguf");
    try (GgufFile file = GgufReader.open(small)) {
      assertThat(file.tensors()).isNotEmpty();
    }
    assertThat(Files.size(small)).isLessThan(Files.size(folder.resolve("tiny.gguf")));
  }
}
