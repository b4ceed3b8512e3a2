package halftone.huggingface;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files of a folder beside the weights, which are read whole.
final class SideFile {
  /// Tokenizers of 300,000 pieces take 35 MB.
  private static final long LARGEST = 200_000_000;

  private SideFile() {}

  /// @throws MalformedFileException when the file is larger than any of its kind
  static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new MalformedFileException(
          file.toString(), "length", size + " bytes", "such files of a model are far smaller");
    }
    return Files.readAllBytes(file);
  }
}
