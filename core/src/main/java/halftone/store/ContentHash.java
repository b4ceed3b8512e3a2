package halftone.store;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
public record ContentHash(String hex) {
  private static final long SLICE = 1 << 24;

  public ContentHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a SHA-256 has 64 lower-case hexadecimal digits, not " + hex);
    }
  }

  /// Reads the bytes once, in slices; a mapped file is never wholly in memory.
  public static ContentHash of(MemorySegment bytes) {
    MessageDigest digest = sha256();
    for (long at = 0; at < bytes.byteSize(); at += SLICE) {
      digest.update(bytes.asSlice(at, Math.min(SLICE, bytes.byteSize() - at)).asByteBuffer());
    }
    return finished(digest);
  }

  public static ContentHash of(byte[] bytes) {
    return of(MemorySegment.ofArray(bytes));
  }

  static ContentHash finished(MessageDigest digest) {
    return new ContentHash(HexFormat.of().formatHex(digest.digest()));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
