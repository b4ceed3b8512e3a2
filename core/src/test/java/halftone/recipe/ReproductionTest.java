package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.MalformedFileException;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.preset.Preset;
import halftone.preset.TensorTypeFile;
import halftone.text.BuiltIn;
import halftone.text.Chunks;
import halftone.text.FileRange;
import halftone.text.Role;
import halftone.text.Text;
import halftone.text.TextSource;
import halftone.text.Texts;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReproductionTest {
  private static final TinyLlama NETWORK = new TinyLlama(256, 2, 4, 2, 512, false, 7);
  private static final Effort NO_GPTQ = new Effort("swift", 6, 2, 2, 16, 2, 1, 0, true, false);

  @TempDir private Path folder;
  private Path model;
  private Path made;
  private Path copy;

  @BeforeEach
  void makeModel() throws IOException {
    model = NETWORK.write(folder.resolve("tiny.gguf"));
    made = folder.resolve("made.gguf");
    copy = folder.resolve("copy.gguf");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void makesAFileOfTheSearchAgain(boolean gptq) throws IOException {
    road(gptq ? RoadTest.SMALL : NO_GPTQ, Texts.builtIn(), null);
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  @Test
  void makesAFileAgainWhoseModelWroteTheCalibrationText() throws IOException {
    Effort effort = RoadTest.SMALL;
    Request request = request(effort, Texts.builtIn(), null, SelfText.of(effort));
    new Road(request, Progress.SILENT).run();
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
    try (GgufFile file = GgufReader.open(made)) {
      assertThat(file.keys().requireText("halftone.texts"))
          .contains(SelfText.of(RoadTest.SMALL).name());
    }
  }

  @Test
  void makesAPresetsFileAgainWithImportanceOfTheModelsOwnText() throws IOException {
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2)) {
      Model network = ModelReader.read(file);
      SelfText.Written text =
          SelfText.ofRows(2).write(network, Tokenizers.of(file.keys()), workers, Progress.SILENT);
      preset(GivenImportance.of(text, network, workers, Progress.SILENT));
    }
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  @Test
  void makesAFileAgainWithTextsAndImportanceOfTheUsers() throws IOException {
    Path matrix = imatrix();
    Path text = folder.resolve("mine.txt");
    Files.writeString(text, prose());
    road(RoadTest.SMALL, Texts.split(FileRange.whole(text)), matrix);
    Path calibration = folder.resolve("half.txt");
    Files.writeString(
        calibration, Texts.split(FileRange.whole(text)).calibration().sections().getFirst().text());
    reproduce(FileRange.whole(calibration), matrix);
    assertThat(copy).hasSameBinaryContentAs(made);
    assertThatThrownBy(() -> reproduce(null, matrix))
        .hasMessageContaining("made with the text mine.txt (calibration part)")
        .hasMessageContaining("--calibration");
    assertThatThrownBy(() -> reproduce(FileRange.whole(text), matrix))
        .hasMessageContaining("is not the one");
    assertThatThrownBy(() -> reproduce(FileRange.whole(calibration), null))
        .hasMessageContaining("--imatrix");
    assertThatThrownBy(() -> reproduce(FileRange.whole(calibration), otherImatrix(matrix)))
        .hasMessageContaining("is not the importance matrix");
  }

  @Test
  void makesAPresetsFileAgain() throws IOException {
    preset(GivenImportance.none());
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  @Test
  void makesAPresetsFileAgainWithMeasuredImportance() throws IOException {
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2)) {
      Text text = new BuiltIn(Role.CALIBRATION).read();
      preset(
          GivenImportance.ofText(
              text, Tokenizers.of(file.keys()), ModelReader.read(file), workers, Progress.SILENT));
    }
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  @Test
  void refusesAnotherModel() throws IOException {
    preset(GivenImportance.none());
    Path other = new TinyLlama(256, 2, 4, 2, 512, false, 8).write(folder.resolve("other.gguf"));
    assertThatThrownBy(
            () ->
                new Reproduction(made, other, null, null, null, copy, folder.resolve("store"), 2)
                    .run(Progress.SILENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other.gguf is not the model the file was made with");
    assertThat(copy).doesNotExist();
  }

  @Test
  void refusesAFileOfSomebodyElse() {
    made = model;
    assertThatThrownBy(() -> reproduce(null, null))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("halftone.version");
  }

  private void road(Effort effort, Texts texts, @Nullable Path importance) throws IOException {
    new Road(request(effort, texts, importance, null), Progress.SILENT).run();
  }

  /// The rotation adds a tensor, SmoothQuant measures the text.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "smoothquant:alpha=0.5:everywhere=true",
        "hadamard-rotations:seed=1",
        "awq:grid=q4_k",
        "bias-correction",
        "equalization:alpha=0.5+smoothquant:alpha=0.5:everywhere=false"
      })
  void makesAFileOfARewrittenNetworkAgain(String transform) throws IOException {
    Request request = request(NO_GPTQ, Texts.builtIn(), null, null, Rewriting.parse(transform));
    Outcome outcome = new Road(request, Progress.SILENT).run().getFirst();
    assertThat(outcome.bytes()).isEqualTo(Files.size(made)).isLessThanOrEqualTo(1_000_000);
    assertThat(outcome.provenance()).containsEntry("transform", transform);
    reproduce(null, null);
    assertThat(copy).hasSameBinaryContentAs(made);
  }

  private Request request(
      Effort effort, Texts texts, @Nullable Path importance, @Nullable SelfText self)
      throws IOException {
    return request(effort, texts, importance, self, Rewriting.NONE);
  }

  private Request request(
      Effort effort,
      Texts texts,
      @Nullable Path importance,
      @Nullable SelfText self,
      Rewriting rewriting)
      throws IOException {
    return new Request(
        model,
        List.of(new Request.Target(new Budget.Size(1_000_000), made)),
        effort,
        rewriting,
        Scoring.usual(effort),
        texts,
        List.of(TensorTypeFile.parse("attn_v=q6_k", "--pin")),
        importance,
        null,
        self,
        null,
        folder.resolve("made-store"),
        2);
  }

  private void preset(GivenImportance importance) throws IOException {
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2)) {
      new PresetRun(Preset.Q4_K_M, importance, List.of(), workers)
          .write(ModelReader.read(file), file, made, Progress.SILENT);
    }
  }

  private void reproduce(@Nullable TextSource calibration, @Nullable Path importance)
      throws IOException {
    Path store = Files.createTempDirectory(folder, "store");
    new Reproduction(made, model, calibration, importance, null, copy, store, 2)
        .run(Progress.SILENT);
  }

  private Path imatrix() throws IOException {
    try (GgufFile file = GgufReader.open(model);
        Workers workers = new LocalWorkers(2)) {
      Model network = ModelReader.read(file);
      Chunks chunks =
          Chunks.of(new BuiltIn(Role.CALIBRATION).read(), Tokenizers.of(file.keys()), 512).first(2);
      ImportanceMatrix matrix =
          new ImportanceRun(network, workers).measure(chunks, Progress.SILENT);
      Path target = folder.resolve("imatrix.gguf");
      ImportanceFile.write(target, matrix);
      return target;
    }
  }

  private Path otherImatrix(Path matrix) throws IOException {
    ImportanceMatrix read = ImportanceFile.read(matrix, ImportanceFile.USUAL_CHUNK_SIZE);
    Path target = folder.resolve("twice.gguf");
    ImportanceFile.write(target, read.merge(read));
    return target;
  }

  private static String prose() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 60_000; i++) {
      text.append("Line ").append(i).append(" says ").append(i * 7919 % 10_007).append(".\n");
    }
    return text.toString();
  }
}
