package halftone.recipe;

import com.grack.nanojson.JsonWriter;
import halftone.model.GgufValue;
import halftone.model.InputBlocks;
import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.preset.TensorTypeRule;
import halftone.text.Chunks;
import halftone.transform.Transforms;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a file was made, as it says itself in its metadata: recipe, texts, seed and hashes; enough
/// to make it again. The search changes the length of nothing in it, so the size of the header is
/// known before the search begins.
record Provenance(SequencedMap<String, String> entries) {
  private static final String PREFIX = "halftone.";
  static final String VERSION = "0.1.0";
  private static final long SEED = 0;

  /// Keys, without the prefix.
  static final String RECIPE = "recipe";

  static final String SOURCE = "source.sha256";
  private static final String TRANSFORM = "transform";
  static final String TEXTS = "texts";
  static final String IMPORTANCE = "importance.sha256";
  private static final String ROUNDING = "rounding";
  private static final String PRESET = "preset ";

  /// As long as a hash.
  private static final String NO_HASH = "0".repeat(64);

  static Provenance of(
      Request request,
      String modelHash,
      String rewrite,
      Samples samples,
      @Nullable String importanceHash) {
    return of(
        request,
        modelHash,
        rewrite,
        JsonWriter.string(samples.manifest(SEED).toMap()),
        importanceHash == null ? "" : importanceHash);
  }

  /// As long as the real one to within a few bytes, before model and texts are read.
  static Provenance planned(Request request) {
    return of(
        request,
        NO_HASH,
        " ".repeat(60),
        " ".repeat(900),
        request.importance() == null ? "" : NO_HASH);
  }

  private static Provenance of(
      Request request, String modelHash, String rewrite, String texts, String importanceHash) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    entries.put("version", VERSION);
    entries.put(RECIPE, recipe(request.effort()));
    entries.put(ROUNDING, Rounding.Way.FEEDBACK.id());
    entries.put(SOURCE, modelHash);
    entries.put(TRANSFORM, rewrite);
    entries.put(TEXTS, texts);
    if (!importanceHash.isEmpty()) {
      entries.put(IMPORTANCE, importanceHash);
    }
    entries.put("sensitivity", request.scoring().metric().toString());
    entries.put("seed", Long.toString(SEED));
    entries.put("pins", describe(request.pins()));
    return new Provenance(entries);
  }

  /// Of a file by a preset's plan, its source not hashed yet.
  ///
  /// @param importance what [GivenImportance] says of itself
  static Provenance ofPreset(
      String preset, SequencedMap<String, String> importance, List<TensorTypeRule> pins) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    entries.put("version", VERSION);
    entries.put(RECIPE, PRESET + preset);
    entries.put(ROUNDING, Rounding.Way.ENCODERS.id());
    entries.put(SOURCE, NO_HASH);
    entries.putAll(importance);
    entries.put("pins", describe(pins));
    return new Provenance(entries);
  }

  /// What a file says of itself.
  ///
  /// @throws MalformedFileException when it was not made by this version, which alone knows how to
  ///   make it again
  static Provenance read(Metadata metadata) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    for (String key : metadata.values().sequencedKeySet()) {
      if (key.startsWith(PREFIX)) {
        entries.put(key.substring(PREFIX.length()), metadata.requireText(key));
      }
    }
    String version = entries.getOrDefault("version", "none");
    boolean complete = entries.containsKey(ROUNDING) && entries.containsKey(SOURCE);
    if (!version.equals(VERSION) || !complete) {
      throw new MalformedFileException(
          metadata.source(),
          PREFIX + "version",
          version.equals(VERSION) ? "no record of how it was rounded" : version,
          "only a file made by Halftone " + VERSION + " can be made again by it");
    }
    return new Provenance(entries);
  }

  Rounding.Way way() {
    return Arrays.stream(Rounding.Way.values())
        .filter(way -> way.id().equals(entries.get(ROUNDING)))
        .findFirst()
        .orElse(Rounding.Way.ENCODERS);
  }

  /// The network that was quantized, as made of the original by this calibration text.
  Workshop rewritten(Workshop original, Chunks calibration) {
    String transform = entries.getOrDefault(TRANSFORM, Rewriting.NO_TRANSFORM);
    return transform.equals(Rewriting.NO_TRANSFORM)
        ? original
        : Rewriting.apply(original, Transforms.parse(transform), calibration);
  }

  /// The same of a file that was made of the network as it was given.
  Provenance untransformed() {
    return with(TRANSFORM, Rewriting.NO_TRANSFORM);
  }

  boolean isPreset() {
    return recipe().startsWith(PRESET);
  }

  /// The effort the file was made with.
  ///
  /// @throws IllegalArgumentException when this version has no such recipe
  Effort effort() {
    String recipe = recipe();
    Effort effort = Effort.parse(recipe.substring(0, recipe.indexOf(']') + 1));
    if (!recipe(effort).equals(recipe)) {
      throw new IllegalArgumentException(
          "the file was made as '%s', this version makes '%s'; use the one that made it"
              .formatted(recipe, recipe(effort)));
    }
    return effort;
  }

  private String recipe() {
    return entries.getOrDefault(RECIPE, "");
  }

  /// The same with the hash of its source.
  Provenance of(String modelHash) {
    return with(SOURCE, modelHash);
  }

  /// The same with the way its codes came about.
  Provenance rounded(Rounding.Way way) {
    return with(ROUNDING, way.id());
  }

  private Provenance with(String key, String value) {
    SequencedMap<String, String> changed = new LinkedHashMap<>(entries);
    changed.replace(key, value);
    return new Provenance(changed);
  }

  /// As a tensor-type file has them, one a line.
  static String describe(List<TensorTypeRule> pins) {
    return pins.stream()
        .map(pin -> pin.pattern() + "=" + pin.type().name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("\n"));
  }

  private static String recipe(Effort effort) {
    return effort.gptq() ? effort + " " + GptqPass.DEFAULT : effort.toString();
  }

  /// The model's metadata with what a quantized file has to say.
  SequencedMap<String, GgufValue> metadata(
      Model model, SequencedMap<String, WeightFormat> formats) {
    SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(model.metadata());
    metadata
        .keySet()
        .removeIf(
            key -> key.startsWith("split.") || key.startsWith(PREFIX) && !InputBlocks.isKey(key));
    metadata.put("general.quantization_version", new GgufValue.U32(2));
    metadata.put(
        "general.file_type", new GgufValue.U32(Candidates.fileType(model, formats).fileType()));
    entries.forEach((key, value) -> metadata.put(PREFIX + key, new GgufValue.Text(value)));
    return metadata;
  }
}
