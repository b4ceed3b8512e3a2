package halftone.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// What a result is a result of: its kind and the hash of everything that it depends on.
///
/// ```java
/// Key key = Key.of("swap-kl").with("model", modelHash).with("tensor", name).key();
/// ```
///
/// @param kind names the measurement and, when its meaning changes, its version: `swap-kl/2`
public record Key(String kind, ContentHash inputs) {

  public static Builder of(String kind) {
    return new Builder(kind);
  }

  /// Hashes inputs in the order given. Each is written as name, type and length before its bytes,
  /// so that no two different lists of inputs hash alike.
  public static final class Builder {
    private final String kind;
    private final MessageDigest digest = ContentHash.sha256();

    private Builder(String kind) {
      this.kind = kind;
    }

    public Builder with(String name, String value) {
      return add(name, 's', value.getBytes(StandardCharsets.UTF_8));
    }

    public Builder with(String name, long value) {
      return add(name, 'l', ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    public Builder with(String name, double value) {
      return add(name, 'd', ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    }

    public Builder with(String name, byte[] value) {
      return add(name, 'b', value);
    }

    public Builder with(String name, ContentHash value) {
      return add(name, 'h', value.hex().getBytes(StandardCharsets.UTF_8));
    }

    private Builder add(String name, char type, byte[] value) {
      byte[] label = name.getBytes(StandardCharsets.UTF_8);
      ByteBuffer header = ByteBuffer.allocate(2 * Integer.BYTES + Character.BYTES + label.length);
      header.putInt(label.length).put(label).putChar(type).putInt(value.length);
      digest.update(header.array());
      digest.update(value);
      return this;
    }

    /// The key; the builder is used up.
    public Key key() {
      return new Key(kind, ContentHash.finished(digest));
    }
  }
}
