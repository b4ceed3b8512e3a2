package halftone.app;

import halftone.model.BuiltInModel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/// The model that a command works on: the one named, or the built-in one.
final class ModelOrBuiltIn {
  /// Where the built-in model and its finished work lie.
  static final Path OWN_FOLDER = Path.of(".halftone");

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description =
          "GGUF file, a file of the 'parts' command, or a folder with config.json, safetensors and a tokenizer. Without one, the built-in model,"
              + " laid into .halftone here.")
  private @Nullable Path model;

  /// The file or folder, which is there.
  Path path() throws IOException {
    return model == null ? BuiltInModel.in(OWN_FOLDER) : InputFile.requireModel(model);
  }

  boolean isNamed() {
    return model != null;
  }
}
