package halftone.numeric;

/// Rows decoded as `step · (code − bias) + offset`, step and offset shared by a group of columns.
final class AffineRows extends CodedRows {
  private static final float ROUNDER = 12582912f;

  private final int group;
  private final float maxCode;
  private final float bias;

  /// Step and offset of group g in row r at g · rows + r.
  private final float[] steps;

  private final float[] offsets;

  AffineRows(AffineFormat format, byte[] blocks, int rows, int columns) {
    super(format, format, blocks, rows, columns);
    this.group = format.groupSize();
    this.maxCode = format.maxCode();
    this.bias = format.bias();
    this.steps = new float[columns / group * rows];
    this.offsets = new float[columns / group * rows];
    int perBlock = format.layout().weights() / group;
    int block = 0;
    for (int row = 0; row < rows; row++) {
      for (int g = 0; g < columns / group; g += perBlock, block += format.layout().bytes()) {
        format.grid(blocks, block, steps, offsets, g * rows + row, rows);
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
      float offset = offsets[grid + row];
      // A zero step makes the quotient infinite or NaN; both comparisons then settle on a code, and any code decodes alike.
      float q = (wanted[row] - offset) / step + bias;
      q = q > 0 ? q : 0;
      q = q < maxCode ? q : maxCode;
      q = (q + ROUNDER) - ROUNDER;
      codes[to + row] = (byte) (int) q;
      rounded[row] = step * (q - bias) + offset;
    }
  }
}
