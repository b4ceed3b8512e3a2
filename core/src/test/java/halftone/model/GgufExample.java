package halftone.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The format card's example file, written by gguf-py, and a way to assemble broken files by hand.
final class GgufExample {
  private static final String HEX =
      """
      4747554603000000020000000000000004000000000000001400000000000000
      67656e6572616c2e617263686974656374757265080000000400000000000000
      746573741000000000000000746573742e626c6f636b5f636f756e7404000000
      010000000900000000000000746573742e666c61670700000001080000000000
      0000746573742e61727209000000050000000300000000000000010000000200
      0000030000000800000000000000612e77656967687402000000030000000000
      0000020000000000000000000000000000000000000001000000000000006201
      0000000200000000000000010000002000000000000000000000000000000000
      0000803f0000004000004040000080400000a0400000c0400000000000000000
      003800b800000000000000000000000000000000000000000000000000000000
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static byte[] bytes() {
    return HexFormat.of().parseHex(HEX.replaceAll("\\s", ""));
  }

  /// A header by hand: magic, version and counts.
  static GgufExample header(int version, long tensors, long keys) {
    return new GgufExample().raw("GGUF").i32(version).i64(tensors).i64(keys);
  }

  GgufExample raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  GgufExample i32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  GgufExample i64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  GgufExample text(String text) {
    return i64(text.getBytes(StandardCharsets.UTF_8).length).raw(text);
  }

  GgufExample tensor(String name, long[] extents, int type, long offset) {
    text(name).i32(extents.length);
    for (long extent : extents) {
      i64(extent);
    }
    return i32(type).i64(offset);
  }

  /// Zeros up to a multiple of 32, and so many more.
  byte[] padded(int more) {
    out.writeBytes(new byte[(32 - out.size() % 32) % 32 + more]);
    return out.toByteArray();
  }
}
