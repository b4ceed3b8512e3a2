package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeCommandTest {
  private static final long BUDGET = 1_000_000;

  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path output;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
    output = folder.resolve("small.gguf");
  }

  private int quantize(Object... arguments) {
    Object[] all = new Object[arguments.length + 2];
    all[0] = "quantize";
    all[1] = model;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return terminal.run(all);
  }

  @Test
  void writesTheFileItsReportAndWhatItDidAsJson() throws JsonParserException, IOException {
    assertThat(quantize("--size", BUDGET, "--effort", "fast", "-o", output, "--json"))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    JsonObject outcome = JsonParser.array().from(terminal.out()).getObject(0);
    assertThat(outcome.getLong("bytes")).isEqualTo(Files.size(output)).isLessThanOrEqualTo(BUDGET);
    assertThat(outcome.getArray("candidates").getObject(0).getBoolean("ours")).isTrue();
    assertThat(folder.resolve("small.html"))
        .content()
        .contains("<svg", "\"after\":\" --effort fast\"", "\"points\":[[");
    try (GgufFile file = GgufReader.open(output)) {
      JsonObject texts = JsonParser.object().from(file.keys().requireText("halftone.texts"));
      assertThat(texts.getArray("texts")).hasSize(3);
    }
  }

  @Test
  void aDryRunSaysWhatItWouldTakeAndWritesNothing() {
    assertThat(quantize("--size", BUDGET, "-o", output, "--dry-run")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("measured swaps").contains("peak memory");
    assertThat(output).doesNotExist();
  }

  @Test
  void aBudgetTooSmallHasItsOwnExitCodeWithAndWithoutADryRun() {
    assertThat(quantize("--size", 1000, "-o", output, "--dry-run")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(terminal.out()).contains("smallest reachable");
    assertThat(quantize("--size", 1000, "-o", output, "--effort", "fast"))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(terminal.err()).contains("smallest");
    assertThat(output).doesNotExist();
  }

  @Test
  void severalBudgetsNeedSeveralNames() {
    assertThat(quantize("--bits", 4, "--bits", 5, "-o", output)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("{n}");
  }
}
