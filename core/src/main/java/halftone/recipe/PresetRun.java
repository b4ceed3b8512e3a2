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
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A file by one of llama.cpp's mixtures, for any network, also one that cannot be run: every
/// tensor written by its format's own encoder.
public record PresetRun(
    Preset preset, GivenImportance importance, List<TensorTypeRule> pins, Workers workers) {
  private static final int FEW_ROWS = 8;
  private static final long TRYING_NANOS = 1_000_000_000L;

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
    Provenance provenance = provenance(model, source, formats);
    progress.step(
        "encoding as " + preset.name().toLowerCase(java.util.Locale.ROOT), formats.size());
    List<Path> files =
        new ModelFile(model, provenance, source.files())
            .write(output, most, formats, tensor -> encoded(tensor, formats, progress));
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return new Result(files, bytes, plan);
  }

  /// The source is hashed while its weights are looked at, and the encoders are tried meanwhile.
  ///
  /// @throws IllegalArgumentException when they are broken
  private Provenance provenance(
      Model model, ModelSource source, SequencedMap<String, WeightFormat> formats)
      throws IOException {
    try (ExecutorService beside = Executors.newFixedThreadPool(2)) {
      Future<Provenance> provenance =
          beside.submit(
              () -> Provenance.ofPreset(preset.name(), source, importance.provenance(), pins));
      beside.execute(() -> tryEncoders(model, formats, provenance));
      try {
        SoundWeights.require(model.tensors().values(), workers);
        return provenance.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failed) {
          throw failed;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      } finally {
        provenance.cancel(true);
      }
    }
  }

  /// Encodes the first rows of a tensor of each format until `end`, or for a second: the virtual
  /// machine interprets vectors hundreds of times slower than it runs them once they are compiled,
  /// which takes it half a second.
  private void tryEncoders(Model model, SequencedMap<String, WeightFormat> formats, Future<?> end) {
    Map<WeightFormat, Tensor> tried = new LinkedHashMap<>();
    formats.forEach(
        (name, format) ->
            tried.putIfAbsent(format, Objects.requireNonNull(model.tensors().get(name))));
    try (Workers alone = new LocalWorkers(1)) {
      long start = System.nanoTime();
      while (!end.isDone() && System.nanoTime() - start < TRYING_NANOS) {
        tried.forEach(
            (format, tensor) -> {
              LayerInputs inputs = LayerInputs.of(importance.values().get(tensor.name()));
              Weight rows =
                  new RowRange(tensor, 0, (int) Math.min(FEW_ROWS, tensor.shape().rows()));
              new FormatEncoder().quantize(tensor.name(), rows, format, inputs, alone);
            });
      }
    } catch (IllegalArgumentException broken) {
      // Whoever looks at all weights says it.
    }
  }

  private Tensor encoded(
      Tensor tensor, SequencedMap<String, WeightFormat> formats, Progress progress) {
    WeightFormat format = formats.get(tensor.name());
    if (format == null || format.equals(tensor.format())) {
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
          Tensor encoded = new FormatEncoder().quantize(name, part, format, inputs, workers);
          progress.done(from + count == tensor.shape().rows() ? 1 : 0);
          return encoded.bytes();
        };
    return new Tensor(tensor.name(), tensor.shape(), format, rows);
  }
}
