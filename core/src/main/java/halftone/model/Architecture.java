package halftone.model;

import halftone.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// How the tensors and metadata of one family of networks make a graph.
public interface Architecture {
  /// The value of `general.architecture`.
  String id();

  /// Builds the stages: embedding, blocks, head.
  ///
  /// @throws MalformedFileException when a key or tensor is missing or has another shape than the
  ///   keys demand
  /// @throws UnsupportedModelException when the file is sound but uses what no [Op] here computes
  List<Stage> stages(Metadata metadata, SequencedMap<String, Tensor> tensors);
}
