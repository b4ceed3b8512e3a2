package halftone.model;

import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/// Data beside the project that is never committed; a test that needs it is skipped where it is
/// absent.
public final class SharedFolder {
  private SharedFolder() {}

  /// A file of the shared folder: system property `halftone.shared`, else environment
  /// HALFTONE_SHARED, else the folder `shared` beside the checkout.
  public static Path file(String name) {
    Path file = root().resolve(name);
    Assumptions.assumeTrue(Files.exists(file), () -> "no shared file " + name);
    return file;
  }

  /// A reference model made by `tools/MakeReferences.java`: system property `halftone.reference`,
  /// else environment HALFTONE_REFERENCE, else the folder `ref` beside the shared one.
  public static Path reference(String name) {
    String fromEnvironment =
        Objects.requireNonNullElse(
            System.getenv("HALFTONE_REFERENCE"), root().resolve("../ref").toString());
    Path folder = Path.of(System.getProperty("halftone.reference", fromEnvironment));
    Path file = folder.resolve(name);
    Assumptions.assumeTrue(Files.exists(file), () -> "no reference model " + name);
    return file;
  }

  /// The tokenizer of a GGUF file of the shared folder.
  public static Tokenizer tokenizer(String name) throws IOException {
    try (GgufFile file = GgufReader.open(file(name))) {
      return Tokenizers.of(file.keys());
    }
  }

  private static Path root() {
    String fromEnvironment =
        Objects.requireNonNullElse(System.getenv("HALFTONE_SHARED"), "../../shared");
    return Path.of(System.getProperty("halftone.shared", fromEnvironment));
  }
}
