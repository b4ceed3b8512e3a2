package halftone.runtime;

import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The F16 models that measurements are made on, written once by the shared folder's own program:
/// into the folder that the system property `halftone.reference` or the environment variable
/// HALFTONE_REFERENCE names, else below `target`.
public final class ReferenceModels {
  private static final String SOURCE = "models/SmolLM2-135M-Instruct.Q4_1.gguf";

  private ReferenceModels() {}

  /// Rows of 768 and 1536, which every format fits; skips the calling test without the shared
  /// folder.
  public static Path aligned() throws IOException {
    return require("smollm2-135m-aligned-f16.gguf");
  }

  private static Path require(String name) throws IOException {
    String set = System.getProperty("halftone.reference", System.getenv("HALFTONE_REFERENCE"));
    Path folder = Path.of(set == null ? "target/reference" : set);
    Path model = folder.resolve(name);
    if (!Files.exists(model)) {
      Path program = SharedFolder.file("tools/ReferenceModels.java");
      Path source = SharedFolder.file(SOURCE);
      Files.createDirectories(folder);
      run(List.of(program.toString(), source.toString(), folder.toString()));
    }
    return model;
  }

  private static void run(List<String> arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder = new ProcessBuilder(java.toString());
    builder.command().addAll(arguments);
    Process process = builder.inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot make the reference models: " + builder.command());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
