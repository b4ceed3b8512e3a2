package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// A floating-point format without scales: a weight's code is its nearest value.
abstract class FloatFormat implements WeightFormat {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String id;
  private final BlockLayout layout;

  FloatFormat(String id, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(1, bytes);
  }

  /// Sets `to[toAt …]` to the values of this format nearest to `from[at …]`, ties to even; overflow
  /// gives infinity.
  abstract void nearest(float[] from, int at, float[] to, int toAt, int count);

  /// Writes a value of this format.
  abstract void put(MemorySegment out, long offset, float value);

  /// Sixteen-bit numbers in an array, over which loops become vectors whatever memory they come
  /// from.
  static short[] shorts(MemorySegment in, long offset, int count) {
    short[] bits = new short[count];
    MemorySegment.copy(in, SHORT, offset, bits, 0, count);
    return bits;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final BlockLayout layout() {
    return layout;
  }

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, rows, columns, importance);
    float[] values = new float[rows * columns];
    float[] row = new float[columns];
    for (int r = 0; r < rows; r++) {
      nearest(weights, at + r * columns, row, 0, columns);
      for (int c = 0; c < columns; c++) {
        if (!Float.isFinite(row[c])) {
          throw Inputs.unfit(this, weights[at + r * columns + c], r, c);
        }
        values[c * rows + r] = row[c];
      }
    }
    return new FloatRows(this, rows, columns, values);
  }

  @Override
  public final String toString() {
    return id;
  }
}
