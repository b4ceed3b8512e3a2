package halftone.app;

import com.grack.nanojson.JsonWriter;
import halftone.huggingface.ModelSources;
import halftone.model.Architectures;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.preset.Preset;
import halftone.preset.TensorTypeRule;
import halftone.recipe.GivenImportance;
import halftone.recipe.PresetRun;
import halftone.recipe.SelfText;
import halftone.tokenizer.Tokenizers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `halftone quantize --preset`: a mixture of llama.cpp's, for any network, runnable or not.
record PresetQuantization(
    Console console, Threads threads, boolean json, @Nullable String preTokenizer) {
  int run(
      Path source,
      Preset preset,
      Path output,
      long most,
      List<TensorTypeRule> pins,
      @Nullable Path imatrix,
      @Nullable String calibration)
      throws IOException {
    try (ModelSource file = ModelSources.open(source, preTokenizer);
        Workers workers = threads.workers();
        ProgressBar progress = console.progress()) {
      Model model = ModelReader.read(file);
      GivenImportance importance = GivenImportance.none();
      if (imatrix != null) {
        importance = GivenImportance.ofFile(InputFile.require(imatrix), model);
      } else if (SelfText.WORD.equals(calibration)) {
        SelfText.Written text =
            SelfText.ofRows(SelfText.USUAL_ROWS)
                .write(model, Tokenizers.of(file.keys()), workers, progress);
        importance = GivenImportance.of(text, model, workers, progress);
      } else if (calibration != null) {
        importance =
            GivenImportance.ofText(
                InputFile.text(calibration), Tokenizers.of(file.keys()), model, workers, progress);
      }
      PresetRun.Result result =
          new PresetRun(preset, importance, pins, workers)
              .write(model, file, output, most, progress);
      progress.close();
      print(result, Architectures.obstacle(model));
    }
    return ExitCode.OK;
  }

  private void print(PresetRun.Result result, Optional<String> obstacle) {
    Map<String, Integer> types = new TreeMap<>();
    result.choices().values().forEach(choice -> types.merge(choice.formatId(), 1, Integer::sum));
    String quality =
        obstacle
            .map(reason -> "quality not measured: " + reason)
            .orElse("quality not measured; 'halftone evaluate' does");
    if (json) {
      console
          .out()
          .println(
              JsonWriter.string()
                  .object()
                  .value("output", result.files().getFirst().toString())
                  .array("files", result.files().stream().map(Path::toString).toList())
                  .value("bytes", result.bytes())
                  .object("types", types)
                  .value("quality", quality)
                  .end()
                  .done());
      return;
    }
    console.out().printf("%s: %,d bytes, %s%n%s%n", output(result), result.bytes(), types, quality);
    result.choices().entrySet().stream()
        .filter(entry -> entry.getValue().reason().contains("→"))
        .limit(1)
        .forEach(
            entry ->
                console
                    .out()
                    .printf(
                        "fell back, among others: %s: %s%n",
                        entry.getKey(), entry.getValue().reason()));
  }

  /// The file to name when the model is opened, and how many follow it.
  private static String output(PresetRun.Result result) {
    String first = result.files().getFirst().toString();
    int others = result.files().size() - 1;
    return others == 0 ? first : "%s and %d more".formatted(first, others);
  }
}
