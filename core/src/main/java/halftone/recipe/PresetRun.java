package halftone.recipe;

import halftone.model.Model;
import halftone.model.ModelSource;
import halftone.model.SplitWriter;
import halftone.numeric.WeightFormat;
import halftone.preset.Preset;
import halftone.preset.TensorTypeRule;
import halftone.preset.TypeChoice;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.RowBytes;
import halftone.tensor.RowRange;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A file by one of llama.cpp's mixtures, for any network, also one that cannot be run: every
/// tensor written by its format's own encoder.
public record PresetRun(
    Preset preset, GivenImportance importance, List<TensorTypeRule> pins, Workers workers) {
  /// What became of each tensor.
  ///
  /// @param files one, or the parts in order
  /// @param bytes of all files
  public record Result(List<Path> files, long bytes, SequencedMap<String, TypeChoice> choices) {}

  /// Writes the file; of a tensor, original or encoded, some rows are in memory at a time.
  ///
  /// @throws IllegalArgumentException naming the tensor, when it cannot be written as the preset
  ///   wants
  public Result write(Model model, ModelSource source, Path output, Progress progress)
      throws IOException {
    return write(model, source, output, Long.MAX_VALUE, progress);
  }

  /// The same in files of at most so many bytes, named as [SplitWriter] does.
  public Result write(Model model, ModelSource source, Path output, long most, Progress progress)
      throws IOException {
    SequencedMap<String, TypeChoice> plan =
        preset.plan(Candidates.infos(model), source.keys(), !importance.values().isEmpty(), pins);
    SequencedMap<String, WeightFormat> formats = Candidates.formats(model, plan);
    QuantizedSource.warning(source, model).ifPresent(progress::note);
    Provenance provenance = Provenance.ofPreset(preset.name(), importance.provenance(), pins);
    List<Path> files;
    // The source is hashed while it is encoded.
    try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
      Future<String> hash = beside.submit(() -> ModelHash.of(source));
      try {
        progress.step(
            "encoding as " + preset.name().toLowerCase(java.util.Locale.ROOT), formats.size());
        files =
            new ModelFile(model, provenance, source.files())
                .write(
                    output,
                    most,
                    formats,
                    tensor -> encoded(tensor, formats, progress),
                    () -> provenance.of(result(hash)));
      } finally {
        hash.cancel(true);
      }
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return new Result(files, bytes, plan);
  }

  private static String result(Future<String> hash) throws IOException {
    try {
      return hash.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// Encoders refuse broken weights; of what is kept as it is they are looked for here.
  private Tensor encoded(
      Tensor tensor, SequencedMap<String, WeightFormat> formats, Progress progress) {
    WeightFormat format = formats.get(tensor.name());
    if (format == null || format.equals(tensor.format())) {
      SoundWeights.require(List.of(tensor), workers);
      return tensor;
    }
    return encode(tensor, format, importance.values(), workers, progress);
  }

  /// A tensor that is encoded while it is written, some rows at a time.
  static Tensor encode(
      Tensor tensor,
      WeightFormat format,
      Map<String, float[]> importance,
      Workers workers,
      Progress progress) {
    LayerInputs inputs = LayerInputs.of(importance.get(tensor.name()));
    RowBytes rows =
        (from, count) -> {
          String name = from == 0 ? tensor.name() : tensor.name() + " from row " + from;
          Weight part = new RowRange(tensor, from, count);
          try {
            Tensor encoded = new FormatEncoder().quantize(name, part, format, inputs, workers);
            progress.done(from + count == tensor.shape().rows() ? 1 : 0);
            return encoded.bytes();
          } catch (IllegalArgumentException refused) {
            SoundWeights.require(List.of(tensor), workers); // says better which weight it is
            throw refused;
          }
        };
    return new Tensor(tensor.name(), tensor.shape(), format, rows);
  }
}
