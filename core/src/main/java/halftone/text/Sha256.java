package halftone.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of bytes and token ids as they come.
final class Sha256 {
  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  void add(byte[] bytes) {
    digest.update(bytes);
  }

  /// Adds ids as little-endian 32-bit integers.
  void add(int[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids);
    digest.update(bytes.array());
  }

  /// The digest of all that was added; the next one starts afresh.
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
