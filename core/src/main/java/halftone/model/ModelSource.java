package halftone.model;

import halftone.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// An open model in the terms of GGUF, whatever it is stored as. Tensors are mapped or made when
/// asked for, and die with [#close]; metadata lives on.
public interface ModelSource extends AutoCloseable {
  /// The file or folder the user named.
  Path path();

  /// Every file the model is read from, in a fixed order: what its hash is of, and what no output
  /// may replace.
  List<Path> files();

  SequencedMap<String, GgufValue> metadata();

  SequencedMap<String, Tensor> tensors();

  /// What its weights are decoded from, where they were quantized in a way that is no number format
  /// of tensors; empty where the tensors' formats say all.
  default Optional<String> origin() {
    return Optional.empty();
  }

  /// Typed access to the metadata, with errors that name this model.
  default Metadata keys() {
    return new Metadata(path().toString(), metadata());
  }

  /// Of tensors in a GGUF file with this metadata.
  default int alignment() {
    return GgufHeaderWriter.alignment(metadata());
  }

  /// Unmaps the tensors: touching their bytes from now on throws `IllegalStateException`.
  @Override
  void close();
}
