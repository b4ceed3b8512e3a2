package halftone.tokenizer;

import halftone.model.GgufFile;
import halftone.model.GgufReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Files beside the project that some tests compare with; without them those tests are skipped.
public final class SharedFolder {
  private SharedFolder() {}

  /// A file of the shared folder; skips the calling test when it is not there.
  public static Path require(String name) {
    String set = System.getProperty("halftone.shared", System.getenv("HALFTONE_SHARED"));
    Path path = Path.of(set == null ? "../../shared" : set).resolve(name);
    Assumptions.assumeTrue(Files.exists(path), "skipped: no " + name + " in the shared folder");
    return path;
  }

  /// The tokenizer of a GGUF file of the shared folder.
  public static Tokenizer tokenizer(String name) throws IOException {
    try (GgufFile file = GgufReader.open(require(name))) {
      return Tokenizers.of(file.keys());
    }
  }
}
