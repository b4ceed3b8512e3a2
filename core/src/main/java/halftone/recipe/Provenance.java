package halftone.recipe;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufValue;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.preset.TensorTypeRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// How a file was made, as it says itself in its metadata: recipe, texts, seed and hashes. Nothing
/// in it depends on what the search finds, so the size of the header is known before the search
/// begins.
record Provenance(SequencedMap<String, String> entries) {
  private static final String PREFIX = "halftone.";
  static final String VERSION = "0.1.0";
  private static final long SEED = 0;

  static Provenance of(Request request, String modelHash, Samples samples) {
    return of(request, modelHash, JsonWriter.string(samples.manifest(SEED).toMap()));
  }

  /// As long as the real one to within a few bytes, before model and texts are read.
  static Provenance planned(Request request) {
    return of(request, "0".repeat(64), " ".repeat(900));
  }

  private static Provenance of(Request request, String modelHash, String texts) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    entries.put("version", VERSION);
    entries.put("recipe", recipe(request));
    entries.put("source.sha256", modelHash);
    entries.put("texts", texts);
    entries.put("seed", Long.toString(SEED));
    entries.put("pins", describe(request.pins()));
    return new Provenance(entries);
  }

  /// As a tensor-type file has them.
  static String describe(List<TensorTypeRule> pins) {
    return pins.stream()
        .map(pin -> pin.pattern() + "=" + pin.type().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" "));
  }

  private static String recipe(Request request) {
    Effort effort = request.effort();
    String scored = effort + " " + request.scoring().metric();
    return effort.gptq() ? scored + " " + GptqPass.DEFAULT : scored;
  }

  /// The model's metadata with what a quantized file has to say.
  SequencedMap<String, GgufValue> metadata(
      Model model, SequencedMap<String, WeightFormat> formats) {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(model.metadata());
    metadata.keySet().removeIf(key -> key.startsWith("split."));
    metadata.put("general.quantization_version", new GgufValue.U32(2));
    metadata.put(
        "general.file_type", new GgufValue.U32(Candidates.fileType(model, formats).fileType()));
    entries.forEach((key, value) -> metadata.put(PREFIX + key, new GgufValue.Text(value)));
    return metadata;
  }
}
