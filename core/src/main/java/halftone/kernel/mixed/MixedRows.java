package halftone.kernel.mixed;

import static halftone.kernel.mixed.MixedShape.BLOCK;
import static halftone.kernel.mixed.MixedShape.GROUP;
import static halftone.kernel.mixed.MixedShape.HALF;
import static halftone.kernel.mixed.MixedShape.LINES;
import static halftone.kernel.mixed.MixedShape.TILE;

import halftone.numeric.BlockInputs;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;

/// Rows of inputs, each block of 128 in signed integers of eight bits or four under a scale of its
/// own ([BlockInputs]), in tiles of up to eight rows.
///
/// A tile of T rows is, block by block: sixteen lines of T words of the block's first half and T of
/// its second, four codes plus 128 a word; then T scales. Codes of four bits take a byte too: the
/// instructions multiply bytes.
public final class MixedRows {
  private static final int OFFSET = 128;
  private static final int EIGHT = BlockInputs.largestCode(8);
  private static final int FOUR = BlockInputs.largestCode(4);

  /// Words of a block of one row.
  static final int WORDS = 2 * LINES + 1;

  private final int[] words;
  private final int rows;
  private final int columns;

  private MixedRows(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    this.words = new int[Math.multiplyExact(rows * WORDS, MixedShape.blocks(columns))];
  }

  /// Rounds `values` {rows × columns, row-major}; they stay as they are.
  ///
  /// @param eightBits how many blocks at the beginning have eight bits
  /// @throws ArithmeticException when a value is NaN or infinite
  public static MixedRows quantize(
      float[] values, int rows, int columns, int eightBits, Workers workers) {
    MixedRows mixed = new MixedRows(rows, columns);
    workers.forEach(
        mixed.tiles(),
        tile -> {
          for (int row = 0; row < mixed.tileRows(tile); row++) {
            for (int block = 0; block < MixedShape.blocks(columns); block++) {
              int from = (tile * TILE + row) * columns + block * BLOCK;
              mixed.put(values, from, tile, row, block, block < eightBits ? EIGHT : FOUR);
            }
          }
        });
    return mixed;
  }

  private void put(float[] values, int from, int tile, int row, int block, int largest) {
    float scale = BlockInputs.scale(values, from, BLOCK, largest);
    float inverse = BlockInputs.inverse(scale);
    int count = tileRows(tile);
    int to = at(tile) + block * count * WORDS + row;
    for (int line = 0; line < LINES; line++) {
      words[to + 2 * line * count] = word(values, from + line * GROUP, inverse);
      words[to + (2 * line + 1) * count] = word(values, from + HALF + line * GROUP, inverse);
    }
    words[to + 2 * LINES * count] = Float.floatToRawIntBits(scale);
  }

  private static int word(float[] values, int from, float inverse) {
    int word = 0;
    for (int j = 0; j < GROUP; j++) {
      word |= BlockInputs.code(values[from + j], inverse) + OFFSET << 8 * j;
    }
    return word;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  int tiles() {
    return Math.ceilDiv(rows, TILE);
  }

  int tileRows(int tile) {
    return Math.min(TILE, rows - tile * TILE);
  }

  /// Where a tile begins, in words.
  int at(int tile) {
    return tile * TILE * WORDS * MixedShape.blocks(columns);
  }

  MemorySegment segment() {
    return MemorySegment.ofArray(words);
  }

  /// The scale of a row's block.
  float scale(int row, int block) {
    int tile = row / TILE;
    int count = tileRows(tile);
    return Float.intBitsToFloat(words[at(tile) + (block * WORDS + 2 * LINES) * count + row % TILE]);
  }

  /// The code of a row in a column.
  int code(int row, int column) {
    int tile = row / TILE;
    int within = column % BLOCK;
    int line = 2 * (within % HALF / GROUP) + within / HALF;
    int word = words[at(tile) + (column / BLOCK * WORDS + line) * tileRows(tile) + row % TILE];
    return (word >>> 8 * (within % GROUP) & 0xFF) - OFFSET;
  }
}
