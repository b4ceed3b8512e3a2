package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.machine.InstructionSet;
import halftone.model.TinyLlama;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(64, 2, 4, 2, 128, false, 1).write(folder.resolve("model.gguf"));
  }

  private String written(Object... more) {
    Object[] arguments = new Object[2 + more.length];
    arguments[0] = "generate";
    arguments[1] = model;
    System.arraycopy(more, 0, arguments, 2, more.length);
    assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(ExitCode.OK);
    return terminal.out();
  }

  @Test
  void writesBehindAPromptAndSaysHowFast() {
    String text = written("in the", "-n", 20, "--ignore-eos");
    assertThat(text).isNotBlank();
    assertThat(terminal.err())
        .containsPattern(
            "\\d+ prompt tokens in [\\d.]+ s \\([\\d.]+ a second\\), 20 written at [\\d.]+ a second")
        .contains("f16 cache of 65,536 bytes");
    assertThat(written("--prompt", "in the", "-n", 20, "--ignore-eos")).isEqualTo(text);
    assertThat(written("in the", "-n", 20, "--ignore-eos", "--seed", 1)).isNotEqualTo(text);
  }

  @Test
  void takesThePromptFromAFile() throws IOException {
    Path prompt = Files.writeString(folder.resolve("prompt.txt"), "in the");
    assertThat(written("--file", prompt, "-n", 9)).isEqualTo(written("in the", "-n", 9));
  }

  @Test
  void answersInJson() throws JsonParserException {
    JsonObject json =
        JsonParser.object()
            .from(written("in the", "-n", 12, "--cache", "f32", "--ignore-eos", "--json"));
    assertThat(json.getArray("tokens")).hasSize(12);
    assertThat(json.getString("text")).isNotEmpty();
    assertThat(json.getString("reason")).isEqualTo("tokens");
    assertThat(json.getObject("timings").getDouble("tokens_per_second")).isPositive();
    assertThat(json.getObject("cache").getLong("bytes")).isEqualTo(131_072);
  }

  /// What is fastest on this machine unless something else is asked for.
  @Test
  void saysHowItComputed() throws IOException, JsonParserException {
    String fast = InstructionSet.chosen() == InstructionSet.NONE ? "llama" : "int8";
    written("in the", "-n", 3);
    assertThat(terminal.err()).contains(" as llama, f16 cache");
    Path small = folder.resolve("small.gguf");
    assertThat(terminal.run("quantize", model, "--preset", "q8_0", "-o", small)).isZero();
    model = small;
    written("in the", "-n", 3);
    assertThat(terminal.err()).contains(" as " + fast + ", f16 cache");
    String json = written("in the", "-n", 3, "--as", "exact", "--json");
    assertThat(JsonParser.object().from(json).getString("arithmetic")).isEqualTo("exact");
  }

  @Test
  void endsAtAStopStringAndAtTheContext() {
    String text = written("in the", "-n", 30, "--ignore-eos");
    String stop = text.substring(9, 11);
    assertThat(written("in the", "-n", 30, "--ignore-eos", "--stop", stop).strip())
        .isEqualTo(text.substring(0, text.indexOf(stop)).strip());
    written("in the", "-n", -1, "--context", 16, "--ignore-eos");
    assertThat(terminal.err()).contains("the context is full");
  }

  @Test
  void saysWhatItDoesNotUnderstand() throws IOException {
    assertThat(terminal.run("generate", model, "a", "--cache", "q3")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("no key-value cache format q3; there are f32, f16, q8_0");
    assertThat(terminal.run("generate", model, "a", "--cache", "q8_0")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("heads of 16").contains("f16");
    assertThat(terminal.run("generate", model, "a", "--top-p", 7)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("a top-p of 7.0");
    assertThat(terminal.run("generate", model, "a", "--chat")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("has no chat template");
    assertThat(terminal.run("generate", model, "a", "--file", model)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.run("generate", model, "aaaa", "--context", 2)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("do not fit a context of 2");
  }

  @Test
  void readsThePromptFromStandardInput() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
    Console piped =
        new Console(
            both,
            new PrintStream(java.io.OutputStream.nullOutputStream()),
            false,
            new ByteArrayInputStream("in the".getBytes(StandardCharsets.UTF_8)));
    assertThat(Main.run(piped, "generate", model.toString(), "-n", "9")).isEqualTo(ExitCode.OK);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(written("in the", "-n", 9));
  }
}
