package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;

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

class InspectCommandTest {
  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path file;

  @BeforeEach
  void writesAModel() throws IOException {
    file = TinyLlama.seeded(1).write(folder.resolve("tiny.gguf"));
  }

  @Test
  void listsMetadataTensorsAndTotals() throws IOException {
    assertThat(terminal.run("inspect", file)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .containsPattern("llama\\.embedding_length +64")
        .containsPattern("blk\\.1\\.ffn_down\\.weight +128×64 +F32 +32,768 +32\\.0000")
        .contains("… 264 in all]")
        .contains("%,d bytes:".formatted(Files.size(file)))
        .contains("32.0000 bits each");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void answersInJsonWithTheSameNumbers() throws IOException, JsonParserException {
    assertThat(terminal.run("inspect", file, "--json")).isEqualTo(ExitCode.OK);
    JsonObject json = JsonParser.object().from(terminal.out());
    JsonObject totals = json.getObject("totals");
    assertThat(json.getLong("bytes")).isEqualTo(Files.size(file));
    assertThat(json.getArray("tensors")).hasSize(totals.getInt("tensors"));
    assertThat(totals.getLong("tensor_bytes")).isEqualTo(4 * totals.getLong("elements"));
    assertThat(totals.getDouble("bits_per_weight")).isEqualTo(32);
    JsonObject tokens = json.getObject("metadata").getObject("tokenizer.ggml.tokens");
    assertThat(tokens.getInt("length")).isEqualTo(TinyLlama.VOCABULARY);
    assertThat(tokens.getArray("value")).hasSizeLessThan(10);
  }

  @Test
  void writesTheTypesForLlamaQuantize() throws IOException {
    Path types = folder.resolve("types.txt");
    assertThat(terminal.run("inspect", file, "--tensor-types", types)).isEqualTo(ExitCode.OK);
    assertThat(Files.readAllLines(types)).hasSize(15).contains("^blk\\.1\\.ffn_down\\.weight$=f32");
    byte[] before = Files.readAllBytes(file);
    assertThat(terminal.run("inspect", file, "--tensor-types", file)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is being read");
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void writesIntegersWithoutADecimalPoint() {
    terminal.run("inspect", file, "--json");
    assertThat(terminal.out()).contains("\"version\":3,").contains("\"tensors\":20,");
  }

  @Test
  void showsArraysWholeWhenAsked() throws JsonParserException {
    terminal.run("inspect", file, "--json", "--full");
    JsonObject metadata = JsonParser.object().from(terminal.out()).getObject("metadata");
    assertThat(metadata.getObject("tokenizer.ggml.tokens").getArray("value"))
        .hasSize(TinyLlama.VOCABULARY);
  }

  @Test
  void findsNoDifferenceBetweenAFileAndItself() throws JsonParserException {
    assertThat(terminal.run("inspect", file, file, "--json")).isEqualTo(ExitCode.OK);
    JsonObject json = JsonParser.object().from(terminal.out());
    assertThat(json.getArray("metadata")).isEmpty();
    assertThat(json.getArray("tensors")).isEmpty();
  }

  @Test
  void showsChangedMetadataAndContents() throws IOException, JsonParserException {
    Path other = TinyLlama.seeded(2).write(folder.resolve("other.gguf"));
    assertThat(terminal.run("inspect", file, other)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("general.name", "  < tiny llama 1", "  > tiny llama 2")
        .contains("other contents")
        .contains("1 metadata keys and 20 tensors differ, 0 tensors are the same");
    terminal.run("inspect", file, other, "--json", "--no-contents");
    assertThat(JsonParser.object().from(terminal.out()).getArray("tensors")).isEmpty();
  }

  @Test
  void showsTensorsThatOnlyOneFileHas() throws IOException {
    Path untied = new TinyLlama(64, 2, 4, 2, 128, false, 1).write(folder.resolve("untied.gguf"));
    terminal.run("inspect", file, untied);
    assertThat(terminal.out()).containsPattern("output\\.weight +none +F32 +64×264");
  }
}
