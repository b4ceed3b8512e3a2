package halftone.kernel.bitplane;

/// What rows of codes are before they are taken apart.
///
/// @param bits of a code, 1 to 8
/// @param group columns that share a scale: a multiple of 64, or all; the last may have fewer
record PlaneShape(int rows, int columns, int bits, int group) {
  private static final int MOST_BITS = 8;

  /// @throws IllegalArgumentException when planes cannot be made of codes so wide, or groups not of
  ///   whole words
  PlaneShape {
    if (bits < 1 || bits > MOST_BITS) {
      throw new IllegalArgumentException("codes of 1 to 8 bits have planes, not of " + bits);
    }
    if (columns < 1 || group < 1 || group < columns && group % Long.SIZE != 0) {
      throw new IllegalArgumentException(
          "%d columns do not go into words in groups of %d: groups are multiples of 64"
              .formatted(columns, group));
    }
  }

  /// Words of a plane of a row.
  int words() {
    return words(columns);
  }

  int groups() {
    return Math.ceilDiv(columns, group);
  }

  /// Columns of a group.
  int columnsOf(int number) {
    return Math.min(group, columns - number * group);
  }

  /// The first word of a group in its plane.
  int firstWord(int number) {
    return number * (group / Long.SIZE);
  }

  /// Words of a group.
  int wordsOf(int number) {
    return words(columnsOf(number));
  }

  private static int words(int columns) {
    return Math.ceilDiv(columns, Long.SIZE);
  }
}
