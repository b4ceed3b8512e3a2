package halftone.huggingface;

import halftone.tensor.RowBytes;
import halftone.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.LongUnaryOperator;

/// The rows of a tensor in another order.
///
/// @param order the row of the source that comes to stand at a place
record PermutedRows(Tensor source, LongUnaryOperator order) implements RowBytes {
  @Override
  public MemorySegment rows(long from, int count) {
    long rowBytes = source.format().layout().bytesOf(source.shape().columns());
    MemorySegment out =
        MemorySegment.ofArray(new byte[Math.toIntExact(Math.multiplyExact(count, rowBytes))]);
    for (int i = 0; i < count; i++) {
      MemorySegment row = source.source().rows(order.applyAsLong(from + i), 1);
      MemorySegment.copy(row, 0, out, i * rowBytes, rowBytes);
    }
    return out;
  }
}
