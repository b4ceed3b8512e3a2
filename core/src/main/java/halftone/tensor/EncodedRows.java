package halftone.tensor;

import halftone.numeric.WeightFormat;
import java.lang.foreign.MemorySegment;

/// Rows of a weight, encoded in a format when asked for: nothing is kept.
///
/// @param name the tensor's, for messages
public record EncodedRows(String name, Weight weight, WeightFormat format) implements RowBytes {
  /// @throws IllegalArgumentException naming tensor and row, when a value is none of the format's
  @Override
  public MemorySegment rows(long from, int count) {
    int columns = weight.shape().columns();
    long bytes = Math.multiplyExact(count, format.layout().bytesOf(columns));
    MemorySegment out = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    float[] values = new float[Math.multiplyExact(count, columns)];
    weight.rows(from, count, values, 0);
    try {
      format.encode(values, 0, count, columns, null, out, 0);
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          "%s, rows counted from %d: %s".formatted(name, from, refused.getMessage()), refused);
    }
    return out;
  }
}
