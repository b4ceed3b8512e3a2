package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Rows of a [BlockFormat] whose codes may move: the encoder's blocks, and the codes beside them once one was rounded
/// anew. Rounding needs the rows of a column side by side; blocks have them far apart.
abstract class CodedRows implements FittedRows {
  private final BlockFormat format;
  private final BlockCodes layout;
  private final byte[] blocks;
  private final int rows;
  private final int columns;
  private boolean moved;

  /// Code of column c in row r at c · rows + r.
  final byte[] codes;

  CodedRows(BlockFormat format, BlockCodes layout, byte[] blocks, int rows, int columns) {
    this.format = format;
    this.layout = layout;
    this.blocks = blocks;
    this.rows = rows;
    this.columns = columns;
    this.codes = new byte[rows * columns];
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

  /// Rounds one column of all rows, writing to `codes`.
  abstract void roundColumn(int column, float[] wanted, float[] rounded);

  @Override
  public final void round(int column, float[] wanted, float[] rounded) {
    if (!moved) {
      moved = true;
      visitCodes((at, block, i) -> codes[at] = (byte) layout.code(blocks, block, i));
    }
    roundColumn(column, wanted, rounded);
  }

  @Override
  public final void pack(MemorySegment out, long offset) {
    if (moved) {
      visitCodes((at, block, i) -> layout.setCode(blocks, block, i, codes[at]));
    }
    MemorySegment.copy(blocks, 0, out, ValueLayout.JAVA_BYTE, offset, blocks.length);
  }

  private interface CodeVisitor {
    void visit(int at, int block, int i);
  }

  private void visitCodes(CodeVisitor visitor) {
    int weights = format.layout().weights();
    int block = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += weights, block += format.layout().bytes()) {
        for (int i = 0; i < weights; i++) {
          visitor.visit((column + i) * rows + row, block, i);
        }
      }
    }
  }
}
