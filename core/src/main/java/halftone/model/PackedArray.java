package halftone.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.RandomAccess;

/// The elements of a metadata array as they lie in the file, decoded one at a time when asked for:
/// a vocabulary of 100,000 pieces costs its bytes and an int a piece. Equal to any list of the same
/// values.
final class PackedArray extends AbstractList<GgufValue> implements RandomAccess {
  private final GgufType type;
  private final int count;
  private final byte[] bytes;

  /// Where each string starts (its length field); empty for types of fixed size.
  private final int[] starts;

  PackedArray(GgufType type, int count, byte[] bytes, int[] starts) {
    this.type = type;
    this.count = count;
    this.bytes = bytes;
    this.starts = starts;
  }

  @Override
  public GgufValue get(int index) {
    java.util.Objects.checkIndex(index, count);
    if (type == GgufType.STRING) {
      int at = starts[index] + Long.BYTES;
      int end = index + 1 < count ? starts[index + 1] : bytes.length;
      return new GgufValue.Text(GgufText.decode(bytes, at, end - at));
    }
    int size = type.leastBytes();
    ByteBuffer in = ByteBuffer.wrap(bytes, index * size, size).order(ByteOrder.LITTLE_ENDIAN);
    return GgufScalars.read(type, in);
  }

  @Override
  public int size() {
    return count;
  }

  /// The elements as they stand in a file; not to be changed.
  byte[] bytes() {
    return bytes;
  }
}
