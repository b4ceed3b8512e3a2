package halftone.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--pre` of every command that reads text for a model, which may be a folder.
final class FolderTokenizer {
  @Option(
      names = "--pre",
      paramLabel = "NAME",
      description =
          "What llama.cpp calls the pre-tokenizer of a folder's tokenizer, where it is not recognized.")
  private @Nullable String name;

  @Nullable String name() {
    return name;
  }

  /// A model that can be run; the name counts for folders, as GGUF files have their own.
  OpenModel openToRun(Path path) throws IOException {
    return OpenModel.openToRun(path, Files.isDirectory(path) ? name : null);
  }
}
