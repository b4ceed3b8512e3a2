package halftone.tensor;

import halftone.numeric.NumberFormat;
import java.lang.foreign.MemorySegment;

/// A named, stored tensor: its bytes as they lie in the file (usually mapped, not read).
public record Tensor(String name, Shape shape, NumberFormat format, MemorySegment bytes)
    implements Weight {
  public Tensor {
    long needed = bytesOf(shape, format);
    if (bytes.byteSize() != needed) {
      throw new IllegalArgumentException(
          "tensor %s of %s as %s takes %d bytes, not %d"
              .formatted(name, shape, format.id(), needed, bytes.byteSize()));
    }
  }

  /// Bytes of a tensor of this shape in this format.
  public static long bytesOf(Shape shape, NumberFormat format) {
    return Math.multiplyExact(format.layout().bytesOf(shape.columns()), shape.rows());
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int columns = shape.columns();
    long rowBytes = format.layout().bytesOf(columns);
    format.decode(bytes, from * rowBytes, out, at, Math.multiplyExact(count, columns));
  }
}
