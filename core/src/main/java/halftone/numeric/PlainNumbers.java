package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Machine numbers that side tensors use and weights do not: read only, rounded to float32 where
/// they are wider.
record PlainNumbers(String id, BlockLayout layout, Reader reader) implements NumberFormat {
  /// Reads one little-endian number.
  interface Reader {
    float read(MemorySegment in, long offset);
  }

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final PlainNumbers I8 = of("I8", 1, (in, at) -> in.get(ValueLayout.JAVA_BYTE, at));
  static final PlainNumbers I16 = of("I16", 2, (in, at) -> in.get(SHORT, at));
  static final PlainNumbers I32 = of("I32", 4, (in, at) -> in.get(INT, at));
  static final PlainNumbers I64 = of("I64", 8, (in, at) -> in.get(LONG, at));
  static final PlainNumbers F64 = of("F64", 8, (in, at) -> (float) in.get(DOUBLE, at));

  private static PlainNumbers of(String id, int bytes, Reader reader) {
    return new PlainNumbers(id, new BlockLayout(1, bytes), reader);
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      out[at + i] = reader.read(in, offset + (long) layout.bytes() * i);
    }
  }

  @Override
  public String toString() {
    return id;
  }
}
