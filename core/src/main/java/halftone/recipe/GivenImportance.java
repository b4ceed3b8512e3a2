package halftone.recipe;

import com.grack.nanojson.JsonWriter;
import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import halftone.model.Model;
import halftone.tensor.Tensor;
import halftone.text.Chunks;
import halftone.text.Role;
import halftone.text.Text;
import halftone.text.TextManifest;
import halftone.tokenizer.Tokenizer;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// Importance for encoders alone, and where it is from.
///
/// @param values mean squares of the inputs by weight; empty for none
/// @param provenance what a file made with it says of it: a hash, or the text's manifest
public record GivenImportance(
    Map<String, float[]> values, SequencedMap<String, String> provenance) {
  private static final int CHUNK = 512;

  /// Every weight counts the same.
  public static GivenImportance none() {
    return new GivenImportance(Map.of(), new LinkedHashMap<>());
  }

  /// From an importance-matrix file, of either format.
  ///
  /// @throws halftone.model.MalformedFileException when it is none, or belongs to another model
  public static GivenImportance ofFile(Path file, Model model) throws IOException {
    SequencedMap<String, String> provenance = new LinkedHashMap<>();
    provenance.put(Provenance.IMPORTANCE, ModelHash.of(file));
    ImportanceMatrix matrix = ImportanceFile.read(file, ImportanceFile.USUAL_CHUNK_SIZE);
    return new GivenImportance(values(model, matrix), provenance);
  }

  /// Measured on all of a text.
  public static GivenImportance ofText(
      Text text, Tokenizer tokenizer, Model model, Workers workers, Progress progress) {
    return of(text, Chunks.of(text, tokenizer, CHUNK), model, workers, progress);
  }

  /// Measured on text that the model wrote itself.
  public static GivenImportance of(
      SelfText.Written text, Model model, Workers workers, Progress progress) {
    return of(text.text(), text.chunks(), model, workers, progress);
  }

  private static GivenImportance of(
      Text text, Chunks chunks, Model model, Workers workers, Progress progress) {
    SequencedMap<String, String> provenance = new LinkedHashMap<>();
    TextManifest manifest = TextManifest.of(Role.CALIBRATION, text, chunks);
    provenance.put(Provenance.TEXTS, JsonWriter.string(manifest.toMap()));
    return new GivenImportance(
        values(model, new ImportanceRun(model, workers).measure(chunks, progress)), provenance);
  }

  /// Importance of the model's weights in an importance matrix.
  static Map<String, float[]> values(Model model, ImportanceMatrix matrix) {
    Map<String, float[]> importance = new LinkedHashMap<>();
    for (String name : matrix.entries().keySet()) {
      Tensor tensor = model.tensors().get(name);
      if (tensor != null) {
        importance.put(name, Objects.requireNonNull(matrix.importance(name, tensor.shape())));
      }
    }
    return importance;
  }
}
