package halftone.recipe;

import halftone.model.GgufValue;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// How a file was made, as it says itself in its metadata: recipe, texts, seed and hashes. Nothing in it depends on what
/// the search finds, so the size of the header is known before the search begins.
record Provenance(SequencedMap<String, String> entries) {
  private static final String PREFIX = "halftone.";
  private static final long SEED = 0;

  static Provenance of(Request request, String modelHash, Samples samples) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    entries.put("version", "0.1.0");
    entries.put("recipe", recipe(request.effort()));
    entries.put("source.sha256", modelHash);
    entries.put("texts", samples.manifest(SEED).toMap().toString());
    entries.put("seed", Long.toString(SEED));
    entries.put("pins", request.pins().toString());
    return new Provenance(entries);
  }

  private static String recipe(Effort effort) {
    return effort.gptq() ? effort + " " + GptqPass.DEFAULT : effort.toString();
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
