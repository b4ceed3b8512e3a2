package halftone.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The architectures that can be run.
public final class Architectures {
  public static final List<Architecture> ALL =
      List.of(
          new LlamaArchitecture(),
          new Qwen2Architecture(),
          new Qwen3Architecture(),
          new Gemma2Architecture(),
          new Gemma3Architecture(),
          new Phi3Architecture());

  /// Metadata key of the architecture's id.
  public static final String KEY = "general.architecture";

  private Architectures() {}

  /// The architecture a file names.
  ///
  /// @throws UnsupportedModelException when it is none of [#ALL]
  static Architecture of(Metadata metadata) {
    String id = metadata.requireText(KEY);
    return ALL.stream()
        .filter(architecture -> architecture.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new UnsupportedModelException(unknown(id)));
  }

  /// Why a model has no stages: one line for the user, or nothing for a model that runs.
  public static Optional<String> obstacle(Model model) {
    if (!model.stages().isEmpty()) {
      return Optional.empty();
    }
    Metadata metadata = new Metadata("model", model.metadata());
    try {
      of(metadata).stages(metadata, model.tensors());
      return Optional.empty();
    } catch (UnsupportedModelException reason) {
      return Optional.ofNullable(reason.getMessage());
    }
  }

  private static String unknown(String id) {
    String known = ALL.stream().map(Architecture::id).collect(Collectors.joining(", "));
    return "architecture '%s' cannot be run; known are: %s".formatted(id, known);
  }
}
