package halftone.model;

import halftone.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// Makes a [Model] of a file's tensors and metadata. Cheap: reads keys and shapes, never a weight.
public final class ModelReader {
  private ModelReader() {}

  /// The network of an open model, which must stay open as long as the model is used. A network
  /// that cannot be run has no stages; [Architectures#obstacle] says why.
  ///
  /// @throws MalformedFileException when the file breaks the rules of its architecture, is one part
  ///   of several, or is no model at all
  public static Model read(ModelSource source) {
    return read(source.keys(), source.tensors());
  }

  /// As [#read(ModelSource)], of metadata and tensors that need not stand in a file.
  public static Model read(Metadata metadata, SequencedMap<String, Tensor> tensors) {
    requireWholeModel(metadata);
    return new Model(stages(metadata, tensors), tensors, metadata.values());
  }

  private static List<Stage> stages(Metadata metadata, SequencedMap<String, Tensor> tensors) {
    try {
      return Architectures.of(metadata).stages(metadata, tensors);
    } catch (UnsupportedModelException notRunnable) {
      return List.of();
    }
  }

  private static void requireWholeModel(Metadata metadata) {
    int parts = metadata.intOr(SplitKeys.COUNT, 1);
    if (parts > 1) {
      throw metadata.malformed(SplitKeys.COUNT, parts + " parts", "one of them alone is no model");
    }
    String type = metadata.text("general.type").orElse("model");
    if (type.equals("imatrix") || type.equals("adapter")) {
      throw metadata.malformed("general.type", "'" + type + "'", "give a model");
    }
  }
}
