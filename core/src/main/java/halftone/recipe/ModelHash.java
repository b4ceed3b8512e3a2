package halftone.recipe;

import halftone.model.ModelSource;
import halftone.store.Key;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// SHA-256 of a file's bytes. Remembered by path, size and modification time: hashing a large model
/// takes a while.
final class ModelHash {
  private static final int BUFFER = 1 << 20;

  private ModelHash() {}

  /// The hash of a model's file; of a model in several files, that of their hashes in order.
  static String of(ModelSource source, Memo memo) throws IOException {
    List<String> hashes = new ArrayList<>();
    for (Path file : source.files()) {
      hashes.add(of(file, memo));
    }
    return together(hashes);
  }

  /// The same, computed now.
  static String of(ModelSource source) throws IOException {
    List<String> hashes = new ArrayList<>();
    for (Path file : source.files()) {
      hashes.add(of(file));
    }
    return together(hashes);
  }

  private static String together(List<String> hashes) {
    if (hashes.size() == 1) {
      return hashes.getFirst();
    }
    MessageDigest digest = sha256();
    for (String hash : hashes) {
      digest.update((hash + '\n').getBytes(StandardCharsets.US_ASCII));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

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
      DigestInputStream digest = new DigestInputStream(in, sha256());
      byte[] buffer = new byte[BUFFER];
      while (digest.read(buffer) >= 0) {
        // The digest listens.
      }
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
