package halftone.recipe;

import halftone.store.Key;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// SHA-256 of a file's bytes. Remembered by path, size and modification time: hashing a large model takes a while.
final class ModelHash {
  private static final int BUFFER = 1 << 20;

  private ModelHash() {}

  static String of(Path file, Memo memo) throws IOException {
    Key key =
        Key.of("file-hash")
            .with(file.toRealPath().toString())
            .with(Long.toString(Files.size(file)))
            .with(Files.getLastModifiedTime(file).toString())
            .build();
    Optional<byte[]> known = memo.store().find(key);
    if (known.isPresent()) {
      return new String(known.get(), StandardCharsets.US_ASCII);
    }
    String hash = hash(file);
    memo.store().put(key, hash.getBytes(StandardCharsets.US_ASCII));
    return hash;
  }

  private static String hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      DigestInputStream digest =
          new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
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
