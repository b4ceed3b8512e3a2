package halftone.numeric;

/// Rows on evenly spaced grids: weight = step · code + offset, codes from `minCode` to `maxCode`.
final class AffineRows extends BlockRows {
  private static final float MAGIC = 12582912f; // adding and subtracting 1.5 · 2²³ rounds to an integer, ties to even

  private final float minCode;
  private final float maxCode;
  private final boolean hasOffset;
  private final float[] offset; // [group][row], or one row of zeros for all groups

  AffineRows(
      BlockWeightFormat format, int rows, int columns, int minCode, int maxCode, boolean hasOffset) {
    super(format, rows, columns);
    this.minCode = minCode;
    this.maxCode = maxCode;
    this.hasOffset = hasOffset;
    offset = new float[hasOffset ? step.length : rows];
  }

  @Override
  void take(Block block, int row, int column) {
    super.take(block, row, column);
    if (hasOffset) {
      for (int g = 0; g < block.offset.length; g++) {
        offset[(groupOf(column) + g) * rows() + row] = block.offset[g];
      }
    }
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    int group = groupOf(column);
    int offsets = hasOffset ? group * rows() : 0;
    if (someStepIsZero(group)) {
      roundSome(column * rows(), group * rows(), offsets, wanted, rounded);
    } else {
      roundAll(rows(), column * rows(), group * rows(), offsets, wanted, rounded);
    }
  }

  /// Straight-line code, so that the compiler turns it into vector instructions.
  private void roundAll(
      int rows, int first, int steps, int offsets, float[] wanted, float[] rounded) {
    for (int r = 0; r < rows; r++) {
      float t = (wanted[r] - offset[offsets + r]) / step[steps + r];
      float code = (Math.min(Math.max(t, minCode), maxCode) + MAGIC) - MAGIC;
      codes[first + r] = (byte) (int) code;
      rounded[r] = code * step[steps + r] + offset[offsets + r];
    }
  }

  private void roundSome(int first, int steps, int offsets, float[] wanted, float[] rounded) {
    for (int r = 0; r < rows(); r++) {
      float size = step[steps + r];
      float shift = offset[offsets + r];
      if (size != 0) {
        float t = Math.min(Math.max((wanted[r] - shift) / size, minCode), maxCode);
        codes[first + r] = (byte) Bits.nearest(t);
      }
      rounded[r] = codes[first + r] * size + shift;
    }
  }
}
