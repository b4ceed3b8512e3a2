package halftone.huggingface;

import halftone.model.GgufReader;
import halftone.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Opens whatever holds a model: a GGUF file, a [HalftoneFile], or a folder as Hugging Face keeps
/// them.
public final class ModelSources {
  private ModelSources() {}

  /// Opens a model; close the result to unmap it.
  ///
  /// @throws halftone.model.MalformedFileException when a file breaks a rule of its format
  /// @throws IOException when a file is missing or cannot be read
  public static ModelSource open(Path path) throws IOException {
    return open(path, null);
  }

  /// The same, with the name of the pre-tokenizer where a folder's cannot be recognized.
  ///
  /// @throws IllegalArgumentException when a name is given for a file, which has its own
  public static ModelSource open(Path path, @Nullable String preTokenizer) throws IOException {
    if (Files.isDirectory(path)) {
      return ModelFolder.open(path, preTokenizer);
    }
    if (preTokenizer != null) {
      throw new IllegalArgumentException(
          path + " names its pre-tokenizer itself; a name can be given for a folder only");
    }
    if (String.valueOf(path.getFileName()).endsWith(".safetensors")) {
      return HalftoneFile.open(path);
    }
    return GgufReader.open(path);
  }
}
