package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// A block format with an encoder. Members say how one block gets its scales and codes and where the code bits lie; the
/// walk over rows and blocks, the checks and the layout of [FittedRows] are here.
abstract class BlockWeightFormat extends BlockFormat implements WeightFormat {
  /// No scale stored in 16 bits reaches weights this large, whatever the format; sums of their squares still are finite.
  private static final float LARGEST = 0x1p40f;

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

  /// Reads `block.x` (and `block.importance`), sets `block.codes`, `block.step`, `block.offset`, and writes every byte of
  /// the block that is not codes.
  abstract void fitBlock(Block block);

  /// Writes the code bits of a block whose bytes start at `image[at]`, all of them, touching no other.
  abstract void packCodes(byte[] codes, byte[] image, int at);

  /// Empty rows of the kind that rounds as this format does.
  abstract BlockRows newRows(int rows, int columns);

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, rows, columns, importance);
    BlockRows fitted = newRows(rows, columns);
    Block block = new Block(layout().weights(), layout().weights() / group(), fitted.image);
    for (int row = 0; row < rows; row++) {
      int start = at + row * columns;
      if (usesRowMeanSquare() && importance != null) {
        block.rowMeanSquare = Block.sumOfSquares(weights, start, columns) / columns;
      }
      for (int column = 0; column < columns; column += layout().weights()) {
        block.load(weights, start + column, importance, column);
        Inputs.checkWeights(this, block.x, row, column, largest());
        block.at = fitted.imageOffset(row, column);
        fitBlock(block);
        fitted.take(block, row, column);
      }
    }
    fitted.settle();
    return fitted;
  }
}
