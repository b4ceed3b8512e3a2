package halftone.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.model.TinyLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceCommandTest {
  private static final int CONTEXT = 32;

  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path text;

  @BeforeEach
  void writesAModelAndAText() throws IOException {
    model = TinyLlama.seeded(1).write(folder.resolve("model.gguf"));
    text =
        Files.writeString(
            folder.resolve("text.txt"), "Pack my box with the five jugs. ".repeat(60));
  }

  private Path gather(String output, Object source, int chunks) {
    Path file = folder.resolve(output);
    int exit =
        terminal.run(
            "imatrix",
            model,
            "--text",
            source,
            "--context",
            CONTEXT,
            "--chunks",
            chunks,
            "-o",
            file);
    assertThat(exit).as(terminal.err()).isEqualTo(ExitCode.OK);
    return file;
  }

  private static ImportanceMatrix read(Path file) throws IOException {
    return ImportanceFile.read(file, CONTEXT);
  }

  @Test
  void measuresEveryLayerAndTheTiedEmbedding() throws IOException {
    ImportanceMatrix matrix = read(gather("out.gguf", text, 3));
    assertThat(matrix.entries()).hasSize(2 * 7 + 1).containsKey("token_embd.weight");
    assertThat(matrix.chunks()).isEqualTo(3);
    ImportanceMatrix.Entry query = matrix.entries().get("blk.0.attn_q.weight");
    assertThat(query).isNotNull();
    assertThat(query.counts()).containsExactly(3f * CONTEXT);
    assertThat(query.sums()).hasSize(64);
  }

  /// The input of a query is a normalised row times the norm's gain g: its mean square, weighted by
  // 1/g², is 1.
  @Test
  void theInputsOfTheFirstBlockAreNormalised() throws IOException {
    float[] gain = new float[64];
    var norm = TinyLlama.seeded(1).tensors().get("blk.0.attn_norm.weight");
    assertThat(norm).isNotNull();
    norm.rows(0, 1, gain, 0);
    float[] importance = read(gather("out.gguf", text, 3)).importance("blk.0.attn_q.weight");
    assertThat(importance).isNotNull();
    double mean = 0;
    for (int i = 0; i < gain.length; i++) {
      mean += importance[i] / ((double) gain[i] * gain[i]) / gain.length;
    }
    assertThat(mean).isCloseTo(1, within(1e-4));
  }

  /// More chunks than are held at once give the sum of both parts.
  @Test
  void slicesAddUpToTheWhole() throws IOException {
    ImportanceMatrix whole = read(gather("whole.gguf", text, 40));
    ImportanceMatrix first = read(gather("first.gguf", text, 36));
    float[] all = whole.entries().get("blk.1.ffn_down.weight").sums();
    float[] part = first.entries().get("blk.1.ffn_down.weight").sums();
    assertThat(whole.chunks()).isEqualTo(40);
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).isGreaterThan(part[i]);
      assertThat(all[i] / 40).isCloseTo(part[i] / 36, within(0.2f * all[i] / 40));
    }
  }

  @Test
  void readsWhatTheModelWritesItself() throws IOException {
    ImportanceMatrix matrix = read(gather("out.gguf", "self", 3));
    assertThat(matrix.chunks()).isEqualTo(3);
    assertThat(matrix.datasets()).containsExactly("self/3x32/0");
  }

  @Test
  void mergesBothForms() throws IOException {
    Path a = gather("a.gguf", text + "@0-900", 4);
    Path b = gather("b.dat", text + "@900-1900", 4);
    Path merged = folder.resolve("merged.gguf");
    assertThat(terminal.run("imatrix", "--merge", a, b, "--context", CONTEXT, "-o", merged))
        .as(terminal.err())
        .isEqualTo(ExitCode.OK);
    ImportanceMatrix expected = read(a).merge(read(b));
    ImportanceMatrix found = read(merged);
    assertThat(found.chunks()).isEqualTo(8);
    assertThat(found.datasets()).containsExactly("text.txt@0-900", "text.txt@900-1900");
    assertThat(found.importance("token_embd.weight"))
        .containsExactly(expected.importance("token_embd.weight"));
  }

  @Test
  void namesTheFileThatCannotBeMerged() throws IOException {
    Path a = gather("a.gguf", text, 2);
    Path wide = TinyLlama.wide(1).write(folder.resolve("wide.gguf"));
    Path b = folder.resolve("b.gguf");
    terminal.run("imatrix", wide, "--text", text, "--context", CONTEXT, "--chunks", 2, "-o", b);
    assertThat(terminal.run("imatrix", "--merge", a, b, "-o", folder.resolve("c.gguf")))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains(b + ": importance of").contains("cannot be merged");
    assertThat(terminal.run("imatrix", "--merge", a, a, "-o", a)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.err()).contains("is being read");
  }

  @Test
  void showsOneLineAWeight() throws JsonParserException {
    Path file = gather("out.gguf", text, 2);
    assertThat(terminal.run("imatrix", "show", file)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .containsPattern("blk\\.1\\.ffn_down\\.weight +128 +1 +64 ")
        .contains("15 weights, 2 chunks of 32 tokens, from text.txt");
    terminal.run("imatrix", "show", file, "--json");
    JsonObject json = JsonParser.object().from(terminal.out());
    assertThat(json.getArray("weights")).hasSize(15);
    assertThat(json.getInt("chunk_size")).isEqualTo(CONTEXT);
  }
}
