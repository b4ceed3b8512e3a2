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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void evaluateAndImatrixReadAFolder() throws IOException {
    Path text =
        Files.writeString(folder.resolve("text.txt"), "the thin inn in the end ".repeat(200));
    assertThat(terminal.run("evaluate", model, "--text", text, "--context", 128, "--json"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("\"ppl\":");
    Path matrix = folder.resolve("matrix.gguf");
    assertThat(terminal.run("imatrix", model, "--text", text, "--context", 128, "-o", matrix))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(matrix).isNotEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gptq", "awq"})
  void fourBitsForOtherRuntimesAreWrittenAndReadBack(String layout) {
    Path output = folder.resolve("packed");
    int exit =
        terminal.run("int4", model, "--layout", layout, "--effort", "fast", "-o", output, "--json");
    assertThat(exit).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("\"layout\":\"" + layout);
    assertThat(output.resolve("config.json")).content().contains("quantization_config");
    Path again = folder.resolve("again.gguf");
    assertThat(terminal.run("quantize", output, "--preset", "q4_k_m", "-o", again))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.err()).contains("already quantized");
    assertThat(terminal.run("int4", model, "-o", output)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("exists");
  }

  @Test
  void fourBitsOfAFileOrInGroupsThatDoNotDivideAreRefused() {
    Path once = folder.resolve("once.gguf");
    terminal.run("quantize", model, "--preset", "q8_0", "-o", once);
    assertThat(terminal.run("int4", once, "-o", folder.resolve("a"))).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is no folder");
    assertThat(terminal.run("int4", model, "--group", 100, "-o", folder.resolve("b")))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("smaller group");
    Path rotated = folder.resolve("d");
    assertThat(terminal.run("int4", model, "--transform", "hadamard-rotations", "-o", rotated))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("the rewrite changes the embedding");
    assertThat(rotated).doesNotExist();
    assertThat(terminal.run("int4", model, "--layout", "exl2", "-o", folder.resolve("c")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("gptq or awq");
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
