package halftone.app;

import halftone.text.FileRange;
import halftone.text.Text;
import halftone.text.TextSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files named on the command line, checked before work begins.
final class InputFile {
  private InputFile() {}

  /// Gives the path back.
  ///
  /// @throws FileSystemException naming the file, when there is none or it is a folder
  static Path require(Path path) throws FileSystemException {
    if (Files.isDirectory(path)) {
      throw new FileSystemException(path.toString(), null, "is a folder; name a file");
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return path;
  }

  /// The file or folder of a model; gives the path back.
  ///
  /// @throws FileSystemException naming it, when there is none
  static Path requireModel(Path path) throws FileSystemException {
    return Files.isDirectory(path) ? path : require(path);
  }

  /// The text that `FILE` or `FILE@FROM-TO` names.
  static Text text(String source) throws IOException {
    return source(source).read();
  }

  /// The same, not read yet; the file exists.
  static TextSource source(String source) throws FileSystemException {
    TextSource parsed = TextSource.parse(source);
    if (parsed instanceof FileRange range) {
      require(range.path());
    }
    return parsed;
  }
}
