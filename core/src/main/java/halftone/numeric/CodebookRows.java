package halftone.numeric;

/// Rows on a table of small integers: weight = step · `table[code]`.
///
/// All midpoints between neighbours of such a table are whole or half numbers, so the nearest entry
/// depends only on ⌊2 · weight / step⌋ and is one look-up away.
final class CodebookRows extends BlockRows {
  private final Codebook codebook;

  CodebookRows(BlockWeightFormat format, int rows, int columns, Codebook codebook) {
    super(format, rows, columns);
    this.codebook = codebook;
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    int steps = groupOf(column) * rows();
    for (int r = 0; r < rows(); r++) {
      float size = step[steps + r];
      if (size != 0) {
        codes[place(r, column)] = (byte) codebook.nearest(wanted[r] / size);
      }
      rounded[r] = size * codebook.value(codes[place(r, column)]);
    }
  }
}
