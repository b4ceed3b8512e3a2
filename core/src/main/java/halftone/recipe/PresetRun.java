package halftone.recipe;

import halftone.model.Metadata;
import halftone.model.Model;
import halftone.numeric.WeightFormat;
import halftone.preset.Preset;
import halftone.preset.TensorTypeRule;
import halftone.preset.TypeChoice;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A file by one of llama.cpp's mixtures, for any network, also one that cannot be run: every
/// tensor written by its format's own encoder.
public record PresetRun(
    Preset preset, GivenImportance importance, List<TensorTypeRule> pins, Workers workers) {
  /// What became of each tensor.
  public record Result(long bytes, SequencedMap<String, TypeChoice> choices) {}

  /// Writes the file, one tensor in memory at a time.
  ///
  /// @throws IllegalArgumentException naming the tensor, when it cannot be written as the preset
  ///   wants
  public Result write(Model model, Path source, Path output, Progress progress) throws IOException {
    SequencedMap<String, TypeChoice> plan =
        preset.plan(
            Candidates.infos(model),
            new Metadata(source.toString(), model.metadata()),
            !importance.values().isEmpty(),
            pins);
    SequencedMap<String, WeightFormat> formats = Candidates.formats(model, plan);
    Provenance provenance =
        Provenance.ofPreset(preset.name(), source, importance.provenance(), pins);
    SoundWeights.require(model.tensors().values(), workers);
    progress.step(
        "encoding as " + preset.name().toLowerCase(java.util.Locale.ROOT), formats.size());
    new ModelFile(model, provenance, source)
        .write(output, formats, tensor -> encoded(tensor, formats, progress));
    return new Result(new Sizes(model, provenance, alignment(model)).file(formats), plan);
  }

  private Tensor encoded(
      Tensor tensor, SequencedMap<String, WeightFormat> formats, Progress progress) {
    WeightFormat format = formats.get(tensor.name());
    if (format == null || format.equals(tensor.format())) {
      return tensor;
    }
    Tensor encoded = encode(tensor, format, importance.values(), workers);
    progress.done(1);
    return encoded;
  }

  static Tensor encode(
      Tensor tensor, WeightFormat format, Map<String, float[]> importance, Workers workers) {
    LayerInputs inputs = LayerInputs.of(importance.get(tensor.name()));
    return new FormatEncoder().quantize(tensor.name(), tensor, format, inputs, workers);
  }

  private static int alignment(Model model) {
    return new Metadata("model", model.metadata()).intOr("general.alignment", 32);
  }
}
