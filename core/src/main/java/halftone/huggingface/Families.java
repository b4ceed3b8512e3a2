package halftone.huggingface;

import halftone.model.UnsupportedModelException;
import java.util.List;
import java.util.stream.Collectors;

/// The families whose folders are read.
final class Families {
  static final List<Family> ALL =
      List.of(
          new LlamaFamily(),
          new Qwen2Family(),
          new Qwen3Family(),
          new Gemma2Family(),
          new Gemma3Family(),
          new Phi3Family());

  private Families() {}

  /// @throws UnsupportedModelException when the configuration names none of [#ALL]
  static Family of(Config config) {
    return ALL.stream()
        .filter(family -> config.classes().stream().anyMatch(family.classes()::contains))
        .findFirst()
        .orElseThrow(() -> unknown(config));
  }

  private static UnsupportedModelException unknown(Config config) {
    String known =
        ALL.stream()
            .flatMap(family -> family.classes().stream().sorted())
            .collect(Collectors.joining(", "));
    return new UnsupportedModelException(
        "%s: architecture %s is not read from a folder; known are: %s; convert it to GGUF first"
            .formatted(config.json().file(), config.classes(), known));
  }
}
