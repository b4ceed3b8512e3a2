package halftone.model;

import java.util.List;

/// Makes a [Model] of a file's tensors and metadata. Cheap: reads keys and shapes, never a weight.
public final class ModelReader {
  private ModelReader() {}

  /// The network of an open model, which must stay open as long as the model is used. A network
  /// that cannot be run has no stages; [Architectures#obstacle] says why.
  ///
  /// @throws MalformedFileException when the file breaks the rules of its architecture, is one part
  ///   of several, or is no model at all
  public static Model read(ModelSource source) {
    Metadata metadata = source.keys();
    requireWholeModel(metadata);
    return new Model(stages(metadata, source), source.tensors(), source.metadata());
  }

  private static List<Stage> stages(Metadata metadata, ModelSource source) {
    try {
      return Architectures.of(metadata).stages(metadata, source.tensors());
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
