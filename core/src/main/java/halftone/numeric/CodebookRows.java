package halftone.numeric;

/// Rows decoded as `step · table[code]`, the step shared by a group of columns.
final class CodebookRows extends CodedRows {
  private final Codebook codebook;
  private final int group;

  /// Step of group g in row r at g · rows + r.
  private final float[] steps;

  CodebookRows(CodebookFormat format, byte[] blocks, int rows, int columns) {
    super(format, format, blocks, rows, columns);
    this.codebook = format.codebook();
    this.group = format.groupSize();
    this.steps = new float[columns / group * rows];
    int perBlock = format.layout().weights() / group;
    int block = 0;
    for (int row = 0; row < rows; row++) {
      for (int g = 0; g < columns / group; g += perBlock, block += format.layout().bytes()) {
        format.steps(blocks, block, steps, g * rows + row, rows);
      }
    }
  }

  @Override
  void roundColumn(int column, float[] wanted, float[] rounded) {
    int rows = rows();
    int grid = column / group * rows;
    int to = column * rows;
    for (int row = 0; row < rows; row++) {
      float step = steps[grid + row];
      int code = step == 0 ? codes[to + row] : codebook.nearest(wanted[row] / step);
      codes[to + row] = (byte) code;
      rounded[row] = step * codebook.value(code);
    }
  }
}
