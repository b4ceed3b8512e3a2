package halftone.tensor;

import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A named tensor in a number format. Its rows lie in a file, usually mapped and not read, or are
/// made from another tensor's whenever they are asked for.
public record Tensor(String name, Shape shape, NumberFormat format, RowBytes source)
    implements Weight {
  /// Bytes fetched at once where all are wanted.
  private static final long PIECE = 1 << 24;

  /// A stored tensor: its bytes as they lie in the file.
  public Tensor(String name, Shape shape, NumberFormat format, MemorySegment bytes) {
    this(
        name,
        shape,
        format,
        new StoredRows(
            requireSize(name, shape, format, bytes), format.layout().bytesOf(shape.columns())));
  }

  /// A tensor of these numbers in F32, row-major.
  public static Tensor ofFloats(String name, Shape shape, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return new Tensor(name, shape, NumberFormats.named("F32"), MemorySegment.ofBuffer(bytes));
  }

  private static MemorySegment requireSize(
      String name, Shape shape, NumberFormat format, MemorySegment bytes) {
    long needed = bytesOf(shape, format);
    if (bytes.byteSize() != needed) {
      throw new IllegalArgumentException(
          "tensor %s of %s as %s takes %d bytes, not %d"
              .formatted(name, shape, format.id(), needed, bytes.byteSize()));
    }
    return bytes;
  }

  /// Bytes of a tensor of this shape in this format.
  public static long bytesOf(Shape shape, NumberFormat format) {
    return Math.multiplyExact(format.layout().bytesOf(shape.columns()), shape.rows());
  }

  /// How many bytes the tensor has; none is read.
  public long byteSize() {
    return bytesOf(shape, format);
  }

  /// All bytes. Of a tensor that is not stored they are made now, outside the heap: where a stream
  /// will do, take pieces of [#rowsAPiece] rows.
  public MemorySegment bytes() {
    if (source instanceof StoredRows stored) {
      return stored.bytes();
    }
    MemorySegment all = Arena.ofAuto().allocate(byteSize(), 64);
    long rowBytes = format.layout().bytesOf(shape.columns());
    int step = rowsAPiece();
    for (long row = 0; row < shape.rows(); row += step) {
      MemorySegment piece = source.rows(row, (int) Math.min(step, shape.rows() - row));
      MemorySegment.copy(piece, 0, all, row * rowBytes, piece.byteSize());
    }
    return all.asReadOnly();
  }

  /// A number of rows that takes some megabytes, so that whoever needs all of them need not hold
  /// them at once.
  public int rowsAPiece() {
    long rowBytes = Math.max(1, format.layout().bytesOf(shape.columns()));
    return (int) Math.clamp(PIECE / rowBytes / 64 * 64, 1, Integer.MAX_VALUE);
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    if (source instanceof ComputedRows computed) {
      // No way round by bytes: engines decode weights again and again.
      computed.weight().rows(from, count, out, at);
      return;
    }
    format.decode(source.rows(from, count), 0, out, at, Math.multiplyExact(count, shape.columns()));
  }

  @Override
  public short @Nullable [] halves(long from, int count) {
    return source instanceof StoredRows && format.equals(NumberFormats.named("F16"))
        ? source
            .rows(from, count)
            .toArray(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN))
        : null;
  }
}
