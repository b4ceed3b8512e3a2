package halftone.recipe;

import halftone.model.Model;
import halftone.model.SplitWriter;
import halftone.model.TensorInfo;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// Writes a quantized model as GGUF, under its name only when it is whole.
///
/// @param inputs files being read, which no output may replace
record ModelFile(Model original, Provenance provenance, Collection<Path> inputs) {
  /// What is known when all tensors are written.
  interface Completion {
    Provenance get() throws IOException;
  }

  void write(Path output, Model quantized, Cancellation cancellation) throws IOException {
    SequencedMap<String, WeightFormat> formats = new LinkedHashMap<>();
    for (Tensor tensor : quantized.tensors().values()) {
      boolean changed =
          !Objects.requireNonNull(original.tensors().get(tensor.name()))
              .format()
              .equals(tensor.format());
      if (changed && tensor.format() instanceof WeightFormat format) {
        formats.put(tensor.name(), format);
      }
    }
    write(
        output,
        formats,
        tensor -> {
          cancellation.check();
          return Objects.requireNonNull(quantized.tensors().get(tensor.name()));
        });
  }

  /// Writes every tensor as `encoder` gives it, in the formats announced; one tensor in memory at a
  /// time.
  void write(Path output, SequencedMap<String, WeightFormat> formats, UnaryOperator<Tensor> encoder)
      throws IOException {
    write(output, Long.MAX_VALUE, formats, encoder, () -> provenance);
  }

  /// The same in files of at most so many bytes, and which they are.
  ///
  /// @param complete the provenance with what was not known before, as long as this one
  List<Path> write(
      Path output,
      long most,
      SequencedMap<String, WeightFormat> formats,
      UnaryOperator<Tensor> encoder,
      Completion complete)
      throws IOException {
    List<TensorInfo> infos = Candidates.infos(original, formats);
    try (SplitWriter writer =
        SplitWriter.create(output, provenance.metadata(original, formats), infos, most, inputs)) {
      for (Tensor tensor : original.tensors().values()) {
        writer.write(encoder.apply(tensor));
      }
      Provenance completed = complete.get();
      if (completed != provenance) {
        writer.complete(completed.metadata(original, formats));
      }
      writer.commit();
      return writer.paths();
    }
  }
}
