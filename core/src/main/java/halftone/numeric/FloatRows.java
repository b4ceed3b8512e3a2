package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows of a floating-point format. The codes are the values, `[column][row]`.
final class FloatRows implements FittedRows {
  private final FloatFormat format;
  private final int rows;
  private final int columns;
  private final float[] values;

  FloatRows(FloatFormat format, int rows, int columns, float[] values) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.values = values;
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
    format.nearest(wanted, 0, rounded, 0, rows);
    System.arraycopy(rounded, 0, values, column * rows, rows);
  }

  @Override
  public void pack(MemorySegment out, long offset) {
    int bytes = format.layout().bytes();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        format.put(out, offset, values[column * rows + row]);
        offset += bytes;
      }
    }
  }
}
