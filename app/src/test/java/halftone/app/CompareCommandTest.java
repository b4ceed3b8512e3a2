package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
  }

  @Test
  void showsTheSameBoardsOnATerminalAsJsonAndAsAPage() throws JsonParserException, IOException {
    Path page = folder.resolve("arena.html");
    Object[] all = {
      "compare",
      model,
      "--methods",
      "presets,gram-error,gram-error+gptq,kronecker-fisher",
      "--bits",
      "3,5",
      "--effort",
      "fast",
      "--report",
      page
    };
    assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("3.0bpw: at most ", "5.0bpw: at most ", "gram-error+gptq", "presets: ")
        .containsPattern("\\+gptq +gram-error +3.0bpw +× 0\\.\\d+");
    assertThat(page)
        .content()
        .contains("Methods side by side", "kronecker-fisher", "<svg")
        .doesNotContain("http:");
    Object[] asJson = java.util.Arrays.copyOf(all, all.length - 1);
    asJson[asJson.length - 1] = "--json";
    assertThat(terminal.run(asJson)).as(terminal.err()).isEqualTo(ExitCode.OK);
    JsonObject answer = JsonParser.object().from(terminal.out());
    assertThat(answer.getArray("boards")).hasSize(2);
    assertThat(answer.getArray("boards").getObject(0).getArray("standings")).hasSize(4);
    assertThat(answer.getArray("ablations")).hasSize(2);
  }

  @Test
  void anUnknownMethodIsRefused() {
    assertThat(terminal.run("compare", model, "--methods", "magic")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("'magic'", "presets, uniform, spike-aware, halftone");
    assertThat(terminal.run("compare", model, "--methods", "spike-aware+gptq"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("nothing may stand behind spike-aware");
    assertThat(terminal.run("compare", model, "--methods", "mixllm+swaps"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("ranks rows by gradients, not widths", "leave out swaps");
    assertThat(terminal.run("compare", model, "--methods", "halftone+awq+magic"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("'awq' is a transform: it stands behind");
  }

  @Test
  void filesAreRunAsAsked() throws JsonParserException {
    Object[] all = {
      "compare", model, "--methods", "integers", "--bits", 9, "--effort", "fast", "--json", "--as"
    };
    double before = 0;
    for (String way : new String[] {"exact", "a8-token", "a4-token"}) {
      assertThat(terminal.run(and(all, way))).as(terminal.err()).isZero();
      JsonObject board = JsonParser.object().from(terminal.out()).getArray("boards").getObject(0);
      double loss = board.getArray("standings").getObject(0).getDouble("kl_mean");
      assertThat(loss).isGreaterThan(before);
      before = loss;
    }
    assertThat(terminal.run(and(all, "w8a8"))).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no way to compute is called 'w8a8'");
  }

  /// In a file of our own layout swaps are measured unless it is said otherwise.
  @Test
  void partsMeasureSwapsUnlessToldNotTo() {
    Object[] all = {
      "parts", model, "--method", "gptq-groups", "--bits", "5", "--effort", "fast", "-o"
    };
    assertThat(terminal.run(and(all, folder.resolve("a.safetensors"))))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("by gptq-groups+swaps");
    assertThat(terminal.run(and(all, folder.resolve("b.safetensors"), "--no-swaps"))).isZero();
    assertThat(terminal.out()).contains("by gptq-groups\n").doesNotContain("swaps");
  }

  private static Object[] and(Object[] first, Object... more) {
    Object[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
