package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Integers and doubles, which GGUF files may hold but no weight is written in.
final class PlainNumbers implements NumberFormat {
  private final String id;
  private final BlockLayout layout;

  PlainNumbers(String id, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(1, bytes);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BlockLayout layout() {
    return layout;
  }

  @Override
  public String toString() {
    return id;
  }

  @Override
  public void decode(MemorySegment in, long offset, float[] out, int at, int count) {
    for (int i = 0; i < count; i++) {
      long where = offset + (long) i * layout.bytes();
      out[at + i] =
          switch (id) {
            case "I8" -> in.get(ValueLayout.JAVA_BYTE, where);
            case "I16" -> in.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), where);
            case "I32" -> in.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), where);
            case "I64" -> in.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), where);
            case "F64" -> (float) in.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), where);
            default -> throw new IllegalStateException(id);
          };
    }
  }
}
