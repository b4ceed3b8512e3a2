package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block format with an encoder. Members say how one block gets its scales and codes and where
/// the code bits lie; the walk over rows and blocks, the checks and the layout of [FittedRows] are
/// here.
abstract class BlockWeightFormat extends BlockFormat implements WeightFormat {
  /// No scale stored in 16 bits reaches weights this large, whatever the format; sums of their
  /// squares still are finite.
  private static final float LARGEST = 0x1p40f;

  /// How many groups are searched together, if the rows give as many: enough to fill vector
  /// registers many times over, few enough to stay in the cache.
  private static final int LANES = 512;

  private final ThreadLocal<Block[]> lastBlocks = ThreadLocal.withInitial(() -> new Block[0]);

  BlockWeightFormat(String id, int weights, int bytes) {
    super(id, weights, bytes);
  }

  /// How many neighbouring weights share one scale.
  abstract int group();

  /// Whether the encoder uses the mean square of the whole row.
  boolean usesRowMeanSquare() {
    return false;
  }

  /// The largest magnitude that the format can be asked to hold.
  float largest() {
    return LARGEST;
  }

  /// Reads `x` (and `importance`) of the blocks of some rows, sets `codes`, `step`, `offset`, and
  /// writes every byte of them that is not codes.
  void fitAll(Block[] blocks) {
    for (Block block : blocks) {
      fitBlock(block);
    }
  }

  /// What `fitAll` does for one block, unless the format searches the scales of all of them first.
  abstract void fitBlock(Block block);

  /// Writes the code bits of a block whose bytes start at `image[at]`, all of them, touching no
  /// other.
  abstract void packCodes(byte[] codes, byte[] image, int at);

  /// Empty rows of the kind that rounds as this format does.
  abstract BlockRows newRows(int rows, int columns);

  /// What its blocks are, if they can be written without settling codes first.
  @Nullable DirectBlock direct() {
    return null;
  }

  @Override
  public final void encode(
      float[] weights,
      int at,
      int rows,
      int columns,
      float @Nullable [] importance,
      MemorySegment out,
      long offset) {
    BlockWriter writer = importance == null ? writer() : null;
    if (writer == null) {
      fit(weights, at, rows, columns, importance).pack(out, offset);
    } else {
      write(writer, RawWeights.of(weights, at), rows, columns, out, offset);
    }
  }

  @Override
  public final boolean readsHalves() {
    return writer() != null;
  }

  @Override
  public final void encodeHalves(
      short[] halves, int rows, int columns, MemorySegment out, long offset) {
    BlockWriter writer = writer();
    if (writer == null) {
      WeightFormat.super.encodeHalves(halves, rows, columns, out, offset);
    } else {
      write(writer, RawWeights.of(halves), rows, columns, out, offset);
    }
  }

  private @Nullable BlockWriter writer() {
    DirectBlock kind = direct();
    return kind == null ? null : ScaleTrials.fastest().writer(kind);
  }

  private void write(
      BlockWriter writer,
      RawWeights weights,
      int rows,
      int columns,
      MemorySegment out,
      long offset) {
    Inputs.check(this, rows, columns, null);
    int n = layout().weights();
    int blocks = rows * (columns / n);
    int[] unusual = blocks == 0 ? new int[0] : writer.write(weights, blocks, out, offset);
    for (int block : unusual) {
      try {
        FittedRows fitted = fit(weights.floats(block * n, n), 0, 1, n, null);
        fitted.pack(out, offset + (long) block * layout().bytes());
      } catch (IllegalArgumentException refused) {
        fit(weights.floats(0, rows * columns), 0, rows, columns, null); // says better where it is
        throw refused;
      }
    }
  }

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, rows, columns, importance);
    BlockRows fitted = newRows(rows, columns);
    int together = together(rows, columns);
    Block[] blocks = blocks(together * (columns / layout().weights()));
    for (int row = 0; row < rows; row += together) {
      if (row + together > rows) {
        together = rows - row;
        blocks = blocks(together * (columns / layout().weights()));
      }
      for (int r = 0; r < together; r++) {
        load(blocks, r, weights, at + (row + r) * columns, row + r, importance, fitted);
      }
      fitAll(blocks);
      for (Block block : blocks) {
        fitted.take(block);
      }
    }
    fitted.settle();
    return fitted;
  }

  /// Rows that are searched together: shares as equal as can be, so that few have scratch of
  /// another size.
  private int together(int rows, int columns) {
    int most = Math.clamp((long) LANES / (columns / group()), 1, Math.max(1, rows));
    return Math.ceilDiv(rows, Math.max(1, Math.ceilDiv(rows, most)));
  }

  /// The thread's own, from the last time if it had as many: their memory is in the cache.
  private Block[] blocks(int count) {
    Block[] blocks = lastBlocks.get();
    if (blocks.length != count) {
      int n = layout().weights();
      blocks = new Block[count];
      Arrays.setAll(blocks, k -> new Block(n, n / group()));
      lastBlocks.set(blocks);
    }
    return blocks;
  }

  /// Fills the `r`th row's blocks with the weights of row `row`, which start at `weights[start]`.
  private void load(
      Block[] blocks,
      int r,
      float[] weights,
      int start,
      int row,
      float @Nullable [] importance,
      BlockRows fitted) {
    int columns = fitted.columns();
    int n = layout().weights();
    float meanSquare =
        usesRowMeanSquare() && importance != null
            ? Block.sumOfSquares(weights, start, columns) / columns
            : 0;
    for (int column = 0; column < columns; column += n) {
      Block block = blocks[(r * columns + column) / n];
      block.load(weights, start + column, importance, column);
      Inputs.checkWeights(this, block.x, row, column, largest());
      block.row = row;
      block.image = fitted.image;
      block.column = column;
      block.rowMeanSquare = meanSquare;
      block.at = fitted.imageOffset(row, column);
    }
  }
}
