package halftone.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// Reads a header front to back. Nothing is read or allocated that does not lie in the file: every
/// length is first compared with the bytes left.
final class GgufCursor {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// The reference reader's limit for strings and elements; arrays here also have it for bytes.
  private static final long LIMIT = 1L << 30;

  private static final String DAMAGED = "the file is truncated or damaged; fetch it again";

  private final String file;
  private final MemorySegment bytes;
  private long position;

  GgufCursor(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  long left() {
    return bytes.byteSize() - position;
  }

  MalformedFileException malformed(String field, String found, String remedy) {
    return new MalformedFileException(file, field, found, remedy);
  }

  long u32(String field) {
    return Integer.toUnsignedLong(bytes.get(INT, advance(field, Integer.BYTES)));
  }

  long i64(String field) {
    return bytes.get(LONG, advance(field, Long.BYTES));
  }

  /// A count of things that take at least `leastBytes` bytes each.
  long count(String field, long leastBytes) {
    long count = i64(field);
    if (count < 0 || count > left() / leastBytes) {
      throw malformed(
          field, unsigned(count) + " in a file with " + left() + " bytes left", DAMAGED);
    }
    return count;
  }

  String text(String field) {
    byte[] text = take(field, stringLength(field));
    return GgufText.decode(text, 0, text.length);
  }

  GgufValue value(String key, GgufType type) {
    return switch (type) {
      case STRING -> new GgufValue.Text(text(key));
      case ARRAY -> array(key);
      case BOOL -> bool(key, take(key, 1)[0]);
      default -> GgufScalars.read(type, littleEndian(take(key, type.leastBytes())));
    };
  }

  GgufType type(String field) {
    long id = u32(field);
    return GgufType.withId(id)
        .orElseThrow(() -> malformed(field, "value type " + id, "types 0 to 12 exist; " + DAMAGED));
  }

  private GgufValue.Array array(String key) {
    GgufType type = type(key);
    if (type == GgufType.ARRAY) {
      throw malformed(key, "an array of arrays", "llama.cpp refuses these too; leave the key out");
    }
    long count = count(key, type.leastBytes());
    if (count > LIMIT) {
      throw malformed(key, count + " elements", "at most 2^30 are allowed");
    }
    int[] starts = type == GgufType.STRING ? new int[(int) count] : new int[0];
    byte[] elements = type == GgufType.STRING ? strings(key, starts) : numbers(key, type, count);
    return new GgufValue.Array(type.id(), new PackedArray(type, (int) count, elements, starts));
  }

  private byte[] numbers(String key, GgufType type, long count) {
    byte[] elements = take(key, count * type.leastBytes());
    if (type == GgufType.BOOL) {
      for (byte element : elements) {
        bool(key, element);
      }
    }
    return elements;
  }

  private byte[] strings(String key, int[] starts) {
    long first = position;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = (int) Math.min(position - first, LIMIT);
      advance(key, stringLength(key));
    }
    long length = position - first;
    position = first;
    return take(key, length);
  }

  private GgufValue.Bool bool(String key, byte stored) {
    if (stored != 0 && stored != 1) {
      throw malformed(
          key, "the byte " + stored + " for true or false", "it must be 0 or 1; " + DAMAGED);
    }
    return new GgufValue.Bool(stored == 1);
  }

  private long stringLength(String field) {
    long length = i64(field);
    if (length < 0 || length > left()) {
      String found = "a string of " + unsigned(length) + " bytes with " + left() + " bytes left";
      throw malformed(field, found, DAMAGED);
    }
    return length;
  }

  private byte[] take(String field, long length) {
    if (length > LIMIT) {
      throw malformed(field, length + " bytes", "values above 2^30 bytes are not read");
    }
    long from = advance(field, length);
    return bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private long advance(String field, long length) {
    if (length > left()) {
      throw malformed(field, "the end of the file after " + bytes.byteSize() + " bytes", DAMAGED);
    }
    long from = position;
    position += length;
    return from;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String unsigned(long count) {
    return Long.toUnsignedString(count);
  }

  /// The next bytes in hexadecimal, without moving: for messages.
  String peek(int length) {
    long shown = Math.min(length, left());
    return HexFormat.of().formatHex(bytes.asSlice(position, shown).toArray(ValueLayout.JAVA_BYTE));
  }
}
