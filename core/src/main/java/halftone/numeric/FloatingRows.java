package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows of a [FloatingFormat]: no scales, so rounding is conversion.
final class FloatingRows implements FittedRows {
  private final FloatingFormat format;

  /// Row-major.
  private final float[] values;

  private final int rows;
  private final int columns;

  FloatingRows(FloatingFormat format, float[] values, int rows, int columns) {
    this.format = format;
    this.values = values;
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int arity() {
    return 1;
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    for (int row = 0; row < rows; row++) {
      rounded[row] = format.rounded(wanted[row]);
      values[row * columns + column] = rounded[row];
    }
  }

  @Override
  public void pack(MemorySegment out, long offset) {
    for (int i = 0; i < values.length; i++) {
      format.put(out, offset + (long) i * format.layout().bytes(), values[i]);
    }
  }
}
