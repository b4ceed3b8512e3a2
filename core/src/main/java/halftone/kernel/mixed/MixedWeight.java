package halftone.kernel.mixed;

import static halftone.kernel.mixed.MixedShape.BLOCK;
import static halftone.kernel.mixed.MixedShape.GROUP;
import static halftone.kernel.mixed.MixedShape.HALF;
import static halftone.kernel.mixed.MixedShape.LINES;
import static halftone.kernel.mixed.MixedShape.PANEL;
import static halftone.kernel.mixed.MixedShape.TOGETHER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A weight in symmetric four-bit codes under a float32 scale for every row and block of 128
/// columns, 4.5 bits a weight, in panels of sixteen rows. Missing rows of the last panels are
/// zeros.
///
/// A panel is, block by block: sixteen lines of a word of each row, columns of the block's first
/// half in the upper nibbles and of its second half in the lower; sixteen scales; sixteen times
/// minus 128 · Σ code, what takes off that inputs are stored plus 128.
public final class MixedWeight {
  private static final int LINE_BYTES = PANEL * Integer.BYTES;

  /// Bytes of a block of a panel.
  static final int BLOCK_BYTES = (LINES + 2) * LINE_BYTES;

  private static final int OFFSET = 128;
  private static final int LEAST = -8;
  private static final int MOST = 7;

  private final MemorySegment memory;
  private final NibbleForm form;
  private final int rows;
  private final int columns;

  private MixedWeight(MemorySegment memory, NibbleForm form, int rows, int columns) {
    this.memory = memory;
    this.form = form;
    this.rows = rows;
    this.columns = columns;
  }

  /// @param codes {rows × columns}, −8 to 7
  /// @param scales {rows × blocks}
  /// @param arena of the panels' memory, which must be shared where workers multiply
  public static MixedWeight of(
      byte[] codes, float[] scales, int rows, int columns, NibbleForm form, Arena arena) {
    int blocks = MixedShape.blocks(columns);
    if (codes.length != Math.multiplyExact(rows, columns) || scales.length != rows * blocks) {
      throw new IllegalArgumentException(
          "%d codes and %d scales for %d rows of %d"
              .formatted(codes.length, scales.length, rows, columns));
    }
    int pairs = Math.ceilDiv(rows, PANEL * TOGETHER);
    long bytes = (long) pairs * TOGETHER * blocks * BLOCK_BYTES;
    MixedWeight weight = new MixedWeight(arena.allocate(bytes, LINE_BYTES), form, rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int block = 0; block < blocks; block++) {
        weight.put(codes, scales[row * blocks + block], row, block);
      }
    }
    return weight;
  }

  private void put(byte[] codes, float scale, int row, int block) {
    long at = at(row / PANEL) + (long) block * BLOCK_BYTES + row % PANEL * Integer.BYTES;
    int from = row * columns + block * BLOCK;
    int sum = 0;
    for (int line = 0; line < LINES; line++) {
      for (int j = 0; j < GROUP; j++) {
        int first = checked(codes[from + line * GROUP + j]);
        int second = checked(codes[from + HALF + line * GROUP + j]);
        memory.set(JAVA_BYTE, at + (long) line * LINE_BYTES + j, (byte) (first << 4 | second & 15));
        sum += first + second;
      }
    }
    memory.set(JAVA_FLOAT, at + (long) LINES * LINE_BYTES, scale / form.factor);
    memory.set(JAVA_INT, at + (LINES + 1L) * LINE_BYTES, -OFFSET * form.factor * sum);
  }

  private static int checked(byte code) {
    if (code < LEAST || code > MOST) {
      throw new IllegalArgumentException("code " + code + " does not fit four bits");
    }
    return code;
  }

  NibbleForm form() {
    return form;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /// Pairs of panels.
  int pairs() {
    return Math.ceilDiv(rows, PANEL * TOGETHER);
  }

  /// Where a panel begins.
  long at(int panel) {
    return (long) panel * panelBytes();
  }

  long panelBytes() {
    return (long) MixedShape.blocks(columns) * BLOCK_BYTES;
  }

  long address() {
    return memory.address();
  }

  /// The code of a row in a column.
  int code(int row, int column) {
    int within = column % BLOCK;
    long at =
        at(row / PANEL)
            + (long) (column / BLOCK) * BLOCK_BYTES
            + (long) (within % HALF / GROUP) * LINE_BYTES
            + row % PANEL * Integer.BYTES
            + within % GROUP;
    byte both = memory.get(JAVA_BYTE, at);
    return within < HALF ? both >> 4 : (byte) (both << 4) >> 4;
  }

  /// A row's scale of a block, for codes as [#form] has them.
  float scale(int row, int block) {
    return memory.get(
        JAVA_FLOAT,
        at(row / PANEL)
            + (long) block * BLOCK_BYTES
            + (long) LINES * LINE_BYTES
            + row % PANEL * Integer.BYTES);
  }
}
