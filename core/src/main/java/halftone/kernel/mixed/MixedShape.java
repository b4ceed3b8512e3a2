package halftone.kernel.mixed;

/// How weights and inputs lie. A block is 128 columns under one scale; its sixteen lines hold eight
/// columns each, four of its first half and the four of its second half that have the same places.
final class MixedShape {
  /// Columns of a block.
  static final int BLOCK = 128;

  /// Columns of half a block.
  static final int HALF = BLOCK / 2;

  /// Columns that are multiplied together.
  static final int GROUP = 4;

  /// Lines of a block.
  static final int LINES = HALF / GROUP;

  /// Weight rows side by side.
  static final int PANEL = 16;

  /// Panels that go through the product together, as each input that is fetched then serves twice.
  static final int TOGETHER = 2;

  /// Input rows that go through the product together, at most.
  static final int TILE = 8;

  private MixedShape() {}

  /// How many blocks so many columns are.
  ///
  /// @throws IllegalArgumentException when they are no whole number of them
  static int blocks(int columns) {
    if (columns < BLOCK || columns % BLOCK != 0) {
      throw new IllegalArgumentException(
          "%d columns are no whole number of blocks of %d".formatted(columns, BLOCK));
    }
    return columns / BLOCK;
  }
}
