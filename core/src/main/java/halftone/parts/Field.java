package halftone.parts;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SequencedMap;

/// An array of numbers as safetensors stores it, little-endian, the last extent contiguous.
///
/// @param type `U8`, `I8`, `I32`, `F16` or `F32`
public record Field(String type, List<Long> extents, MemorySegment bytes) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public Field {
    extents = List.copyOf(extents);
  }

  static Field bytes(byte[] values, long... extents) {
    return new Field("U8", list(extents), MemorySegment.ofArray(values));
  }

  static Field signedBytes(byte[] values, long... extents) {
    return new Field("I8", list(extents), MemorySegment.ofArray(values));
  }

  public static Field integers(int[] values, long... extents) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Integer.BYTES]);
    MemorySegment.copy(values, 0, bytes, INT, 0, values.length);
    return new Field("I32", list(extents), bytes);
  }

  static Field singles(float[] values, long... extents) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
    MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
    return new Field("F32", list(extents), bytes);
  }

  /// Binary16 bits.
  public static Field halves(short[] values, long... extents) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Short.BYTES]);
    MemorySegment.copy(values, 0, bytes, SHORT, 0, values.length);
    return new Field("F16", list(extents), bytes);
  }

  /// The array of that name.
  ///
  /// @throws IllegalArgumentException when it is missing or of another type
  public static Field of(SequencedMap<String, Field> fields, String name, String type) {
    Field field = fields.get(name);
    if (field == null || !field.type().equals(type)) {
      throw new IllegalArgumentException(
          field == null
              ? "the array '" + name + "' of a part is missing"
              : "the array '%s' of a part is %s, not %s".formatted(name, field.type(), type));
    }
    return field;
  }

  public byte[] toBytes() {
    return bytes.toArray(ValueLayout.JAVA_BYTE);
  }

  public int[] toIntegers() {
    int[] values = new int[Math.toIntExact(bytes.byteSize() / Integer.BYTES)];
    MemorySegment.copy(bytes, INT, 0, values, 0, values.length);
    return values;
  }

  public short[] toHalves() {
    short[] values = new short[Math.toIntExact(bytes.byteSize() / Short.BYTES)];
    MemorySegment.copy(bytes, SHORT, 0, values, 0, values.length);
    return values;
  }

  public float[] toSingles() {
    float[] values = new float[Math.toIntExact(bytes.byteSize() / Float.BYTES)];
    MemorySegment.copy(bytes, FLOAT, 0, values, 0, values.length);
    return values;
  }

  private static List<Long> list(long... extents) {
    return java.util.Arrays.stream(extents).boxed().toList();
  }
}
