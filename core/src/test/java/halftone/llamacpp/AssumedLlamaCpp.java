package halftone.llamacpp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The real llama.cpp as an oracle for tests.
///
/// Its folder is named by the system property `halftone.llamacpp`, else by the environment variable
/// HALFTONE_LLAMACPP. Tests call [#library], which skips them with a message where there is none.
public final class AssumedLlamaCpp {
  private AssumedLlamaCpp() {}

  /// The configured folder; empty when none is configured, or it does not exist (Maven names the
  /// folder it would fetch into, fetched or not).
  ///
  /// @throws IllegalArgumentException when one is configured and holds no llama.cpp
  public static Optional<LlamaCppLibrary> find() {
    return Stream.of(System.getProperty("halftone.llamacpp"), System.getenv("HALFTONE_LLAMACPP"))
        .filter(name -> name != null && !name.isBlank())
        .findFirst()
        .map(Path::of)
        .filter(Files::isDirectory)
        .map(LlamaCppLibrary::in);
  }

  /// The configured folder; aborts the running test, which counts as skipped, when none is
  /// configured.
  public static LlamaCppLibrary library() {
    Optional<LlamaCppLibrary> found = find();
    Assumptions.assumeTrue(
        found.isPresent(),
        "no llama.cpp here: set -Dhalftone.llamacpp or HALFTONE_LLAMACPP to the folder of its .so files");
    return found.orElseThrow();
  }
}
