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

  /// Reads `x` (and `importance`) of the blocks of a row, sets `codes`, `step`, `offset`, and writes every byte of them that
  /// is not codes. `lanes` is scratch for the row's groups.
  void fitRow(Block[] blocks, Lanes lanes) {
    for (Block block : blocks) {
      fitBlock(block);
    }
  }

  /// What `fitRow` does for one block, unless the format searches the scales of a whole row first.
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
    Block[] blocks = new Block[columns / layout().weights()];
    for (int k = 0; k < blocks.length; k++) {
      blocks[k] = new Block(layout().weights(), layout().weights() / group(), fitted.image);
    }
    Lanes lanes = new Lanes(group(), columns / group());
    for (int row = 0; row < rows; row++) {
      load(blocks, weights, at + row * columns, row, importance, fitted);
      fitRow(blocks, lanes);
      for (int k = 0; k < blocks.length; k++) {
        fitted.take(blocks[k], row, k * layout().weights());
      }
    }
    fitted.settle();
    return fitted;
  }

  private void load(
      Block[] blocks,
      float[] weights,
      int start,
      int row,
      float @Nullable [] importance,
      BlockRows fitted) {
    int columns = fitted.columns();
    float meanSquare =
        usesRowMeanSquare() && importance != null
            ? Block.sumOfSquares(weights, start, columns) / columns
            : 0;
    for (int k = 0; k < blocks.length; k++) {
      int column = k * layout().weights();
      blocks[k].load(weights, start + column, importance, column);
      blocks[k].rowMeanSquare = meanSquare;
      blocks[k].at = fitted.imageOffset(row, column);
      Inputs.checkWeights(this, blocks[k].x, row, column, largest());
    }
  }
}
