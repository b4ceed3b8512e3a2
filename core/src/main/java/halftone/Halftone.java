package halftone;

import java.nio.file.Path;

/// The way in for a program: what the command line does, in a few calls.
///
/// ```java
/// Outcome outcome =
///     Halftone.quantize(Path.of("model-f16.gguf"), Path.of("model-107M.gguf"))
///         .size(107_000_000)
///         .run();
/// ```
///
/// Nothing here prints, logs, ends the process or keeps state between calls. The Java virtual
/// machine needs `--add-modules jdk.incubator.vector`, and `--enable-native-access=ALL-UNNAMED` or
/// the name of the calling module.
public final class Halftone {
  private Halftone() {}

  /// Prepares the search for the best file within a budget; see [Quantization] for what can be set.
  ///
  /// @param model GGUF file of the original: F16, BF16 or F32
  /// @param output file to write; it appears under this name only when it is whole
  public static Quantization quantize(Path model, Path output) {
    return new Quantization(model, output);
  }
}
