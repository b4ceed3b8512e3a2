package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every failure is one line that starts with `halftone:`, and its exit code.
class BadInputTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path text;

  @BeforeEach
  void writesAModelAndAText() throws IOException {
    model = TinyLlama.seeded(1).write(folder.resolve("tiny.gguf"));
    text = Files.writeString(folder.resolve("text.txt"), "the thin inn ".repeat(200));
  }

  private void assertFails(int exit, String message, Object... arguments) {
    assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(exit);
    assertThat(terminal.err()).startsWith("halftone: ").contains(message);
    assertThat(terminal.err()).doesNotContain("\tat ");
    assertThat(terminal.out()).isEmpty();
    if (exit == ExitCode.FAILED) {
      assertThat(terminal.err().strip().lines()).hasSize(1);
    }
  }

  @Test
  void namesAMissingFile() {
    Path missing = folder.resolve("missing.gguf");
    assertFails(ExitCode.FAILED, missing + ": no such file", "inspect", missing);
    assertFails(ExitCode.FAILED, "no such file", "evaluate", model, "--text", missing);
    assertFails(ExitCode.FAILED, "no such file", "evaluate", model, "--base", missing);
    assertFails(ExitCode.FAILED, "no such file", "imatrix", "show", missing);
  }

  @Test
  void refusesAFolderByName() {
    assertFails(
        ExitCode.FAILED,
        folder.resolve("config.json") + ": the folder is no model",
        "inspect",
        folder);
    assertFails(ExitCode.FAILED, folder.toString(), "evaluate", model, "--text", folder);
  }

  @Test
  void refusesATruncatedFileInEveryCommand() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path cut = folder.resolve("cut.gguf");
    for (int length : new int[] {0, 3, 20, 3000, bytes.length - 1}) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertFails(ExitCode.FAILED, cut.toString(), "inspect", cut);
      assertFails(ExitCode.FAILED, cut.toString(), "evaluate", cut, "--text", text);
    }
  }

  @Test
  void neverAnswersAFlippedBitWithADefect() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path damaged = folder.resolve("damaged.gguf");
    Random random = new Random(7);
    for (int trial = 0; trial < 100; trial++) {
      byte[] copy = bytes.clone();
      copy[random.nextInt(8000)] ^= (byte) (1 << random.nextInt(8));
      Files.write(damaged, copy);
      assertThat(terminal.run("evaluate", damaged, "--text", text, "--context", 8, "--chunks", 2))
          .as(terminal.err())
          .isIn(ExitCode.OK, ExitCode.FAILED);
    }
  }

  @Test
  void refusesADifferentVocabulary() throws IOException {
    Path other = folder.resolve("other.gguf");
    byte[] bytes = Files.readAllBytes(model);
    String latin = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[latin.indexOf("<|pad|>") + 2] = 'q';
    Files.write(other, bytes);
    assertFails(
        ExitCode.FAILED,
        "token 263 is '<|qad|>' instead of '<|pad|>'",
        "evaluate",
        other,
        "--against",
        model,
        "--text",
        text);
  }

  @Test
  void refusesTooLittleText() throws IOException {
    Path little = Files.writeString(folder.resolve("little.txt"), "the inn");
    assertFails(ExitCode.FAILED, "too little text", "evaluate", model, "--text", little);
    assertFails(
        ExitCode.FAILED, "99 are needed", "evaluate", model, "--text", text, "--chunks", 99);
    assertFails(ExitCode.FAILED, "give more text", "imatrix", model, "--text", little, "-o", out());
    assertThat(out()).doesNotExist();
  }

  @Test
  void refusesTooFewTokensForStatistics() {
    assertFails(
        ExitCode.FAILED,
        "too few for statistics",
        "evaluate",
        model,
        "--against",
        model,
        "--text",
        text,
        "--context",
        8,
        "--chunks",
        3);
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    Path binary = folder.resolve("binary.txt");
    Files.write(binary, new byte[] {'a', (byte) 0xFF, 'b'});
    assertFails(ExitCode.FAILED, "is not UTF-8", "evaluate", model, "--text", binary);
  }

  @Test
  void refusesAnArchitectureThatItCannotRun() throws IOException {
    Path other = folder.resolve("other.gguf");
    byte[] bytes = Files.readAllBytes(model);
    String latin = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[latin.indexOf("llama")] = 'k';
    Files.write(other, bytes);
    assertFails(ExitCode.FAILED, "'klama' cannot be run", "evaluate", other, "--text", text);
    assertThat(terminal.run("inspect", other)).isEqualTo(ExitCode.OK);
  }

  @Test
  void explainsAWrongCommandLine() {
    assertFails(ExitCode.USAGE, "name a command");
    assertFails(ExitCode.USAGE, "halftone inspect", "insepct");
    assertFails(ExitCode.USAGE, "--colour", "inspect", model, "--colour");
    assertFails(ExitCode.USAGE, "--text", "evaluate", model);
    assertFails(ExitCode.USAGE, "leave out", "evaluate", model, "--text", text, "--base", text);
    assertFails(ExitCode.USAGE, "'--as'", "evaluate", model, "--text", text, "--as", "nothing");
    assertFails(ExitCode.USAGE, "-o", "imatrix", model, "--text", text);
    assertFails(ExitCode.USAGE, ".dat", "imatrix", model, "--text", text, "-o", "x.bin");
  }

  @Test
  void refusesNoThreads() {
    assertFails(
        ExitCode.FAILED, "at least one worker", "evaluate", model, "--text", text, "--threads", 0);
  }

  @Test
  void listsTheMethodsWhenOneIsUnknown() {
    assertFails(ExitCode.FAILED, "known are smoothquant, awq", "methods", "nothing");
    assertFails(ExitCode.FAILED, "no method", "methods", "../version");
  }

  private Path out() {
    return folder.resolve("out.gguf");
  }
}
