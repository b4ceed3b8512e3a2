package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(64, 2, 4, 2, 128, false, 1).write(folder.resolve("model.gguf"));
  }

  private String bench(Object... more) {
    Object[] arguments = new Object[8 + more.length];
    System.arraycopy(
        new Object[] {"bench", model, "--prompt", 8, "--write", 4, "--rounds", 1},
        0,
        arguments,
        0,
        8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    assertThat(terminal.run(arguments)).as(terminal.err()).isEqualTo(ExitCode.OK);
    return terminal.out();
  }

  @Test
  void printsSpeedsBesideTheMachinesLimits() throws IOException {
    Path page = folder.resolve("speed.html");
    assertThat(bench("--encode", "Q8_0", "--files", "q4_0", "--report", page))
        .contains("The machine: ", "GB/s from memory")
        .containsPattern("prefill of 8 +[\\d.]+ +[\\d.]+ Gmac/s +[\\d.]+ %")
        .containsPattern("decode of 4 +[\\d.]+ +[\\d.]+ GB/s +[\\d.]+ %")
        .contains("products a byte")
        .containsPattern("Q8_0 +none")
        .containsPattern("Q8_0 +given")
        .containsPattern("whole file, cold +seconds")
        .containsPattern("q4_0 +[\\d.]+")
        .contains("Memory: ");
    assertThat(Files.readString(page))
        .contains("model.gguf", "roofline", "<svg", "Decode", "From a cold start");
  }

  @Test
  void answersInJson() throws JsonParserException {
    JsonObject json = JsonParser.object().from(bench("--encode", "none", "--json"));
    double prefill = json.getDouble("prefill_tokens_per_second");
    JsonObject roofline = json.getObject("roofline");
    // 2 blocks: 64·64 twice, 64·32 twice and 64·128 three times; a head of 64·V for the last token;
    // 8·9/2 pairs of positions with 2·64 products each in both blocks.
    long vocabulary = TinyLlama.VOCABULARY;
    double products = 8 * 2 * 36864 + 64 * vocabulary + 36 * 256;
    assertThat(roofline.getDouble("prefill_products_per_second"))
        .isCloseTo(products / 8 * prefill, org.assertj.core.data.Percentage.withPercentage(0.01));
    assertThat(roofline.getDouble("decode_share")).isPositive();
    assertThat(json.getObject("memory").getLong("weight_bytes")).isPositive();
    assertThat(json.getArray("encodings")).isEmpty();
    assertThat(json.has("decode_ratio")).isFalse();
  }

  @Test
  void runsTheRealLlamaCppInTurns() throws JsonParserException {
    String library = System.getProperty("halftone.llamacpp", "");
    Assumptions.assumeTrue(Files.isDirectory(Path.of(library)), "no llama.cpp here");
    JsonObject json =
        JsonParser.object()
            .from(bench("--encode", "Q4_K", "--files", "q8_0", "--against", library, "--json"));
    assertThat(json.getDouble("prefill_ratio"))
        .isEqualTo(
            json.getDouble("prefill_tokens_per_second")
                / json.getDouble("llamacpp_prefill_tokens_per_second"));
    assertThat(json.getDouble("decode_ratio")).isPositive();
    JsonObject whole = json.getArray("files").getObject(0);
    assertThat(whole.getString("preset")).isEqualTo("q8_0");
    assertThat(whole.getDouble("time_ratio"))
        .isEqualTo(whole.getDouble("seconds") / whole.getDouble("llamacpp_seconds"));
    assertThat(terminal.run("bench", model, "--against", library, "--cpu", "z80"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("has no CPU library 'z80'; there are ").contains("haswell");
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingRuns() {
    assertThat(terminal.run("bench", model, "--against", folder)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("holds no libggml-base.so; name the folder of llama.cpp");
    assertThat(terminal.run("bench", model, "--encode", "Q9")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("Q9").contains("Q4_K");
    assertThat(terminal.run("bench", model, "--encode", "I8")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("weights are not encoded in I8; there are [F32, F16");
    assertThat(terminal.run("bench", model, "--files", "q9")).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("no preset is called q9; there are ");
    assertThat(terminal.run("bench", model, "--rounds", 0)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("0 rounds: at least 1");
    assertThat(terminal.run("bench", folder.resolve("none.gguf"))).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("none.gguf");
  }
}
