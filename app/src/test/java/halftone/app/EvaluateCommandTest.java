package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path other;
  private Path text;

  @BeforeEach
  void writesTwoModelsAndAText() throws IOException {
    model = TinyLlama.seeded(1).write(folder.resolve("model.gguf"));
    other = TinyLlama.seeded(2).write(folder.resolve("other.gguf"));
    text =
        Files.writeString(
            folder.resolve("text.txt"), "Pack my box with the five jugs. ".repeat(40));
  }

  private JsonObject evaluate(Object... arguments) throws JsonParserException {
    Object[] all = new Object[arguments.length + 4];
    all[0] = "evaluate";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 3] = "--json";
    all[all.length - 2] = "--threads";
    all[all.length - 1] = 2;
    assertThat(terminal.run(all)).as(terminal.err()).isEqualTo(ExitCode.OK);
    return JsonParser.object().from(terminal.out());
  }

  @Test
  void aModelDoesNotDifferFromItself() throws JsonParserException, IOException {
    for (String as : new String[] {"exact", "llama", "a8-token"}) {
      JsonObject json =
          evaluate(model, "--against", model, "--text", text, "--context", 64, "--as", as);
      assertThat(json.getDouble("kl_mean")).isCloseTo(0, within(1e-9));
      assertThat(json.getDouble("same_top")).isEqualTo(1);
      assertThat(json.getDouble("ppl_ratio")).isEqualTo(1);
      assertThat(json.getInt("n")).isEqualTo(31 * json.getInt("chunks"));
      assertThat(json.getLong("bytes")).isEqualTo(Files.size(model));
      assertThat(json.getString("arithmetic")).isEqualTo(as);
    }
  }

  @Test
  void perplexityIsTheSameAloneAndBesideAReference() throws JsonParserException {
    double alone = evaluate(other, "--text", text, "--context", 64).getDouble("ppl");
    JsonObject beside = evaluate(other, "--against", model, "--text", text, "--context", 64);
    assertThat(beside.getDouble("ppl")).isCloseTo(alone, within(1e-9 * alone));
    assertThat(beside.getDouble("kl_mean")).isGreaterThan(0.01);
    assertThat(beside.getDouble("kl_median")).isBetween(0.0, beside.getDouble("kl_999"));
    for (String field : new String[] {"kl_mean_se", "ppl_se", "delta_p_mean", "rms_delta_p"}) {
      assertThat(beside).containsKey(field);
    }
  }

  /// The text of several slices, the last of them shorter.
  @Test
  void aBaseLogitFileStandsForItsModel() throws JsonParserException {
    Path base = folder.resolve("model.kld");
    JsonObject written =
        evaluate(model, "--text", text, "--context", 64, "--chunks", 10, "--write-base", base);
    JsonObject alone = evaluate(model, "--text", text, "--context", 64, "--chunks", 10);
    assertThat(written.getDouble("ppl")).isEqualTo(alone.getDouble("ppl"));
    JsonObject direct =
        evaluate(other, "--against", model, "--text", text, "--context", 64, "--chunks", 10);
    JsonObject stored = evaluate(other, "--base", base);
    assertThat(stored.getInt("n")).isEqualTo(direct.getInt("n"));
    assertThat(stored.getDouble("kl_mean")).isCloseTo(direct.getDouble("kl_mean"), within(1e-3));
    assertThat(stored.getDouble("ppl")).isEqualTo(direct.getDouble("ppl"));
    assertThat(evaluate(model, "--base", base).getDouble("kl_mean")).isCloseTo(0, within(1e-5));
  }

  @Test
  void readsTheChunksAndTheRangeAskedFor() throws JsonParserException {
    JsonObject json = evaluate(model, "--text", text + "@0-640", "--context", 32, "--chunks", 5);
    assertThat(json.getInt("n")).isEqualTo(5 * 15);
    assertThat(json.getString("text")).isEqualTo("text.txt@0-640");
  }

  @Test
  void printsATableForPeople() {
    int exit = terminal.run("evaluate", other, "--against", model, "--text", text, "--context", 64);
    assertThat(exit).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .containsPattern("Mean    KLD +: +\\d+\\.\\d{6} ± +\\d+\\.\\d{6}")
        .containsPattern("Same top p +: +\\d+\\.\\d{3} ± \\d+\\.\\d{3} %");
  }

  @Test
  void writesAPageAboutIt() throws JsonParserException {
    Path page = folder.resolve("page.html");
    evaluate(other, "--against", model, "--text", text, "--context", 64, "--report", page);
    assertThat(page).content().contains("other.gguf", "puts the same token first", "text.txt");
    evaluate(other, "--text", text, "--context", 64, "--report", page);
    assertThat(page).content().contains("Perplexity", "Tokens scored").doesNotContain("KL");
  }

  @Test
  void leavesNoPartOfABaseLogitFileBehindAFailure() {
    Path base = folder.resolve("missing").resolve("model.kld");
    assertThat(
            terminal.run("evaluate", model, "--text", text, "--context", 64, "--write-base", base))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("its folder does not exist");
    assertThat(
            terminal.run("evaluate", model, "--text", text, "--context", 64, "--write-base", model))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is being read");
    assertThat(folder.toFile().list()).containsOnly("model.gguf", "other.gguf", "text.txt");
  }
}
