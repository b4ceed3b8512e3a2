package halftone.numeric;

/// Rows on evenly spaced grids: weight = step · code + offset, codes from `minCode` to `maxCode`.
final class AffineRows extends BlockRows {

  private final float minCode;
  private final float maxCode;
  private final float[] offset; // [group][row]; empty when the format has none

  // Scales of the group that is being rounded. The compiler makes vector instructions of a loop
  // over several arrays only
  // when all are indexed alike, hence the copies.
  private int current = -1;
  private final float[] currentStep;
  private final float[] currentOffset;
  private final float[] currentCode;

  AffineRows(
      BlockWeightFormat format,
      int rows,
      int columns,
      int minCode,
      int maxCode,
      boolean hasOffset) {
    super(format, rows, columns);
    this.minCode = minCode;
    this.maxCode = maxCode;
    offset = new float[hasOffset ? step.length : 0];
    currentStep = new float[rows];
    currentOffset = new float[rows];
    currentCode = new float[rows];
  }

  @Override
  void take(Block block) {
    super.take(block);
    for (int g = 0; g < block.offset.length && offset.length > 0; g++) {
      offset[(groupOf(block.column) + g) * rows() + block.row] = block.offset[g];
    }
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    int group = groupOf(column);
    if (group != current) {
      load(group);
    }
    if (someStepIsZero(group)) {
      roundSome(column, wanted, rounded);
    } else {
      nearest(rows(), minCode, maxCode, wanted, currentStep, currentOffset, currentCode, rounded);
      for (int r = 0; r < currentCode.length; r++) {
        codes[place(r, column)] = (byte) (int) currentCode[r];
      }
    }
  }

  private void load(int group) {
    System.arraycopy(step, group * rows(), currentStep, 0, rows());
    if (offset.length > 0) {
      System.arraycopy(offset, group * rows(), currentOffset, 0, rows());
    }
    current = group;
  }

  private static void nearest(
      int rows,
      float minCode,
      float maxCode,
      float[] wanted,
      float[] step,
      float[] offset,
      float[] code,
      float[] rounded) {
    for (int r = 0; r < rows; r++) {
      float t = (wanted[r] - offset[r]) / step[r];
      float nearest = (Math.min(Math.max(t, minCode), maxCode) + Bits.MAGIC) - Bits.MAGIC;
      code[r] = nearest;
      rounded[r] = nearest * step[r] + offset[r];
    }
  }

  private void roundSome(int column, float[] wanted, float[] rounded) {
    for (int r = 0; r < rows(); r++) {
      float size = currentStep[r];
      float shift = currentOffset[r];
      if (size != 0) {
        float t = Math.min(Math.max((wanted[r] - shift) / size, minCode), maxCode);
        codes[place(r, column)] = (byte) Bits.nearest(t);
      }
      rounded[r] = codes[place(r, column)] * size + shift;
    }
  }
}
