package halftone.numeric;

import java.lang.foreign.MemorySegment;

final class GridRows implements FittedRows {
  private final GridFormat format;
  private final int rows;
  private final int columns;
  private final GridCodes codes;

  GridRows(GridFormat format, int rows, int columns) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.codes = GridCodes.of(Math.multiplyExact(rows, columns), format.shape());
  }

  GridCodes codes() {
    return codes;
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
    return format.shape().evenSigns() ? 8 : format.shape().codebook().arity();
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void pack(MemorySegment out, long offset) {
    int bytes = format.layout().bytes();
    for (int block = 0; block < codes.halves().length; block++) {
      format.write(codes, block, out, offset + (long) block * bytes);
    }
  }
}
