package halftone.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names a result by what it was made from.
public record Key(String kind, String hash) {
  public static Builder of(String kind) {
    return new Builder(kind);
  }

  /// Takes the inputs in order; each is hashed with its length, so that no two sequences run together.
  public static final class Builder {
    private final String kind;
    private final MessageDigest digest;

    private Builder(String kind) {
      this.kind = kind;
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
      with(kind);
    }

    public Builder with(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes.length));
      digest.update(bytes);
      return this;
    }

    public Key build() {
      return new Key(kind, HexFormat.of().formatHex(digest.digest()));
    }
  }
}
