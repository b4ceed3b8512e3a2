package halftone.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/// The language model that the project brings, so that everything can be tried with nothing at
/// hand: Llama-style, 5 million weights in F16, trained on public-domain English by `halftone
/// train`. Its card stands beside it in the resources, [#CARD].
///
/// Files are mapped, so the model is laid into a folder first:
///
/// ```java
/// try (GgufFile file = GgufReader.open(BuiltInModel.in(folder))) { … }
/// ```
public final class BuiltInModel {
  /// The name of its file.
  public static final String FILE = "halftone-5m-f16.gguf";

  /// The resource, beside this class, that says what it was trained on and how well it predicts.
  public static final String CARD = "builtin/halftone-5m-f16.md";

  private static final long SIZE = 10_110_880;

  /// CRC-32C of the file.
  private static final long CHECKSUM = 0xECDC_10B8L;

  private BuiltInModel() {}

  /// The model's file in a folder, written there unless it is there already; the folder is made
  /// when absent.
  ///
  /// @throws IOException when it cannot be written, or the build holds no model
  public static Path in(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (is(file)) {
      return file;
    }
    Files.createDirectories(folder);
    try (PartFile part = PartFile.create(file, List.of())) {
      part.append(ByteBuffer.wrap(bytes()));
      part.commit();
    }
    return file;
  }

  /// Whether a file is the model, wherever it lies: by its checksum, which is quicker than
  /// unpacking the resource to compare with.
  public static boolean is(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != SIZE) {
      return false;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(Files.readAllBytes(file));
    return checksum.getValue() == CHECKSUM;
  }

  private static byte[] bytes() throws IOException {
    try (InputStream in = BuiltInModel.class.getResourceAsStream("builtin/" + FILE)) {
      if (in == null) {
        throw new IOException(
            FILE + " is missing from the program's own resources; build it again");
      }
      return in.readAllBytes();
    }
  }
}
