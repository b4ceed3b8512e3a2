package halftone.recipe;

import halftone.store.Key;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// SHA-256 of a file's bytes. Remembered by path, size and modification time: hashing a large model
/// takes a while.
final class ModelHash {
  private static final int BUFFER = 1 << 20;

  private ModelHash() {}

  static String of(Path file, Memo memo) throws IOException {
    Key key =
        Key.of("file-hash")
            .with("path", file.toRealPath().toString())
            .with("size", Files.size(file))
            .with("modified", Files.getLastModifiedTime(file).toString())
            .key();
    Optional<String> known = memo.store().findText(key);
    if (known.isPresent()) {
      return known.get();
    }
    String hash = of(file);
    memo.store().putText(key, hash);
    return hash;
  }

  /// The hash, computed now.
  static String of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      byte[] buffer = new byte[BUFFER];
      while (digest.read(buffer) >= 0) {
        // The digest listens.
      }
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
