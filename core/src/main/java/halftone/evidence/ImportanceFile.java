package halftone.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Importance-matrix files of llama.cpp, in both forms.
public final class ImportanceFile {
  /// Tokens a chunk that `llama-imatrix` reads unless told otherwise.
  public static final int USUAL_CHUNK_SIZE = 512;

  private ImportanceFile() {}

  /// Reads either form, told apart by the first bytes.
  ///
  /// @param legacyChunkSize tokens a chunk, which the legacy form does not record; it matters only
  ///   when files are merged, see [#USUAL_CHUNK_SIZE]
  /// @throws halftone.model.MalformedFileException when the file is neither
  public static ImportanceMatrix read(Path path, int legacyChunkSize) throws IOException {
    return isGguf(path)
        ? ImportanceFileGguf.read(path)
        : ImportanceFileLegacy.read(path, legacyChunkSize);
  }

  /// Writes the GGUF form.
  public static void write(Path target, ImportanceMatrix matrix) throws IOException {
    ImportanceFileGguf.write(target, matrix);
  }

  /// Writes the legacy `.dat` form, which keeps the last dataset's name only.
  public static void writeLegacy(Path target, ImportanceMatrix matrix) throws IOException {
    ImportanceFileLegacy.write(target, matrix);
  }

  private static boolean isGguf(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals("GGUF");
    }
  }
}
