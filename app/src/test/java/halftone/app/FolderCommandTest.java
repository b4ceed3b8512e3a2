package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.huggingface.SparseFolder;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Hugging Face folder wherever a GGUF file is taken.
class FolderCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = Files.createDirectory(folder.resolve("Tiny-1M"));
    new SparseFolder(256, 512, 2, 4, TinyLlama.VOCABULARY, 1).write(model);
  }

  @Test
  void inspectShowsWhatGgufWouldHold() {
    assertThat(terminal.run("inspect", model)).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("as GGUF would hold them")
        .contains("blk.1.ffn_down.weight");
    assertThat(terminal.run("inspect", model, "--json")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("\"kind\"").doesNotContain("\"version\"");
  }

  @Test
  void presetsAndTheirPinsWorkFromAFolder() throws IOException {
    Path output = folder.resolve("small.gguf");
    int exit = terminal.run("quantize", model, "--preset", "q4_k_m", "-o", output);
    assertThat(exit).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.run("inspect", output)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("Q4_K").contains("Tiny-1M");
    assertThat(terminal.run("inspect", model, output)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("BF16");
  }

  @Test
  void aSizeIsReachedFromAFolder() throws IOException {
    Path output = folder.resolve("sized.gguf");
    int exit =
        terminal.run("quantize", model, "--size", 1_000_000, "--effort", "fast", "-o", output);
    assertThat(exit).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(Files.size(output)).isLessThanOrEqualTo(1_000_000);
    assertThat(folder.resolve(".halftone")).isDirectory();
  }

  @Test
  void aQuantizedOriginalBringsAWarningThatNamesItsFormats() {
    Path once = folder.resolve("once.gguf");
    assertThat(terminal.run("quantize", model, "--preset", "q4_k_m", "-o", once))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.err()).doesNotContain("already quantized");
    Path twice = folder.resolve("twice.gguf");
    assertThat(terminal.run("quantize", once, "--preset", "q3_k_m", "-o", twice))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.err())
        .contains("once.gguf is already quantized")
        .contains("Q4_K (4.5 bits)")
        .contains("start from the F16 or BF16 original");
  }

  @Test
  void neverReplacesAFileOfTheFolder() {
    Path shard = model.resolve("model-00000.safetensors");
    assertThat(terminal.run("quantize", model, "--preset", "q8_0", "-o", shard))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is being read");
  }

  @Test
  void aFolderThatIsNoModelSaysWhatItLacks() {
    assertThat(terminal.run("quantize", folder, "--preset", "q8_0")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("config.json");
  }
}
