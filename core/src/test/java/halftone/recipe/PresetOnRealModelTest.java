package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.evidence.ImportanceMatrix;
import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaMixture;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.SharedFolder;
import halftone.preset.Preset;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.text.TextSource;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our files of llama.cpp's mixtures against its own, with one importance matrix: every tensor's
/// type and bytes are the same, and so is whatever one measures on them.
@Tag("slow")
class PresetOnRealModelTest {
  private static final List<Preset> PRESETS =
      List.of(Preset.Q2_K, Preset.Q3_K_M, Preset.Q4_K_M, Preset.Q6_K, Preset.IQ3_M, Preset.IQ4_XS);

  private static final int CHUNKS = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"smollm2-135m-f16.gguf", "smollm2-135m-aligned-f16.gguf"})
  void writesTheTensorsThatLlamaCppWrites(String name) throws IOException {
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    Path source = SharedFolder.reference(name);
    String text = SharedFolder.file("data/text/wikitext-a.txt") + "@0-300000";
    List<String> differences = new ArrayList<>();
    try (GgufFile file = GgufReader.open(source);
        Workers workers = new LocalWorkers(2)) {
      Model model = ModelReader.read(file);
      Chunks chunks =
          Chunks.of(TextSource.parse(text).read(), Tokenizers.of(file.keys()), Samples.CHUNK)
              .first(CHUNKS);
      ImportanceMatrix matrix = new ImportanceRun(model, workers).measure(chunks, Progress.SILENT);
      Map<String, float[]> importance = GivenImportance.values(model, matrix);
      for (Preset preset : PRESETS) {
        Path ours = folder.resolve("ours.gguf");
        Path theirs = folder.resolve("theirs.gguf");
        new PresetRun(
                preset, new GivenImportance(importance, new LinkedHashMap<>()), List.of(), workers)
            .write(model, file, ours, Progress.SILENT);
        LlamaMixture.of(preset.fileType())
            .withImportance(importance)
            .quantize(llama, source, theirs);
        compare(preset, ours, theirs, differences);
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void compare(Preset preset, Path ours, Path theirs, List<String> differences)
      throws IOException {
    try (GgufFile own = GgufReader.open(ours);
        GgufFile other = GgufReader.open(theirs)) {
      assertThat(own.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(other.tensors().keySet());
      for (Tensor tensor : own.tensors().values()) {
        Tensor reference = Objects.requireNonNull(other.tensors().get(tensor.name()));
        if (!tensor.format().id().equals(reference.format().id())) {
          differences.add(
              "%s: %s is %s, there %s"
                  .formatted(preset, tensor.name(), tensor.format().id(), reference.format().id()));
        } else if (tensor.bytes().mismatch(reference.bytes()) >= 0) {
          differences.add(
              "%s: other bytes of %s as %s".formatted(preset, tensor.name(), tensor.format().id()));
        }
      }
    }
  }
}
