package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Rows of a block format: codes row by row, as blocks give and take them; scales `[group][row]`,
/// so that a method that works column by column walks them in order; and the blocks' bytes with
/// everything but the codes already in place.
abstract class BlockRows implements FittedRows {
  private final BlockWeightFormat format;
  private final int rows;
  private final int columns;
  private final int rowBytes;
  private final boolean[] someStepIsZero; // for each group

  final byte[] image;
  final byte[] codes;
  final float[] step;

  BlockRows(BlockWeightFormat format, int rows, int columns) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    rowBytes = (int) format.layout().bytesOf(columns);
    image = new byte[Math.multiplyExact(rows, rowBytes)];
    codes = new byte[rows * columns];
    step = new float[rows * (columns / format.group())];
    someStepIsZero = new boolean[columns / format.group()];
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int columns() {
    return columns;
  }

  @Override
  public final int arity() {
    return 1;
  }

  final int groupOf(int column) {
    return column / format.group();
  }

  /// Whether a row of this group has no scale, so that its codes mean nothing and stay.
  final boolean someStepIsZero(int group) {
    return someStepIsZero[group];
  }

  final int imageOffset(int row, int column) {
    return row * rowBytes + column / format.layout().weights() * format.layout().bytes();
  }

  /// Where the code of a weight stands.
  final int place(int row, int column) {
    return row * columns + column;
  }

  /// Takes over what has been decided for a block.
  void take(Block block) {
    int row = block.row;
    int column = block.column;
    System.arraycopy(block.codes, 0, codes, place(row, column), block.codes.length);
    int group = groupOf(column);
    for (int g = 0; g < block.step.length; g++) {
      if (!Float.isFinite(block.step[g]) || !Float.isFinite(block.offset[g])) {
        throw Inputs.overflow(format, row, column);
      }
      step[(group + g) * rows + row] = block.step[g];
    }
  }

  /// To be called when every block has been taken.
  final void settle() {
    for (int g = 0; g < someStepIsZero.length; g++) {
      for (int row = 0; row < rows; row++) {
        someStepIsZero[g] |= step[g * rows + row] == 0;
      }
    }
  }

  @Override
  public final void pack(MemorySegment out, long offset) {
    byte[] block = new byte[format.layout().weights()];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += block.length) {
        System.arraycopy(codes, place(row, column), block, 0, block.length);
        format.packCodes(block, image, imageOffset(row, column));
      }
    }
    MemorySegment.copy(image, 0, out, ValueLayout.JAVA_BYTE, offset, image.length);
  }
}
