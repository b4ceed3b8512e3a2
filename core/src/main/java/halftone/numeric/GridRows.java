package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows of a grid type: the encoder's scales, and codes that may move. Eight columns are rounded
/// together, or four where the codebook has four values and signs are free.
///
/// Rounding is exact (least squares over all entries) where signs are free or happen to be even.
/// Where one sign must flip, the smallest magnitude's does and the entries are the nearest to that:
/// on Gaussian weights at most 1 % above the best of all flips in squared error.
final class GridRows implements FittedRows {
  private final GridFormat format;
  private final GridShape shape;
  private final int rows;
  private final int columns;
  private final int arity;

  /// Values in an entry, their binary logarithm, and that of the weights in a group: shifts, for
  /// this runs per weight.
  private final int values;

  private final int valuesShift;
  private final int groupShift;
  private final GridCodes codes;
  private final float[] scaled;

  GridRows(GridFormat format, int rows, int columns) {
    this.format = format;
    this.shape = format.shape();
    this.rows = rows;
    this.columns = columns;
    this.arity = shape.evenSigns() ? 8 : shape.codebook().arity();
    this.values = shape.codebook().arity();
    this.valuesShift = Integer.numberOfTrailingZeros(values);
    this.groupShift = Integer.numberOfTrailingZeros(shape.group());
    this.codes = GridCodes.of(Math.multiplyExact(rows, columns), shape);
    this.scaled = new float[arity];
  }

  GridCodes codes() {
    return codes;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int arity() {
    return arity;
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    GridCells cells = format.cells();
    for (int row = 0; row < rows; row++) {
      int weight = row * columns + column;
      float scale = scale(weight);
      int signs = takeSigns(scale == 0 ? 0 : 1 / scale, wanted, row);
      storeSigns(weight, signs);
      for (int i = 0; i < arity; i += values) {
        int entry = cells.nearest(scaled, i);
        codes.entries()[weight + i >> valuesShift] = (short) entry;
        for (int j = 0; j < values; j++) {
          int value = Float.floatToRawIntBits(scale * cells.point(entry, j));
          rounded[(i + j) * rows + row] = Float.intBitsToFloat(value ^ signs >> i + j << 31);
        }
      }
    }
  }

  /// What multiplies the codebook's values around a weight, as the decoder has it.
  private float scale(int weight) {
    float d = Float.float16ToFloat(codes.halves()[weight / GridFormat.BLOCK]) * shape.unit();
    return d * (2 * codes.scales()[weight >> groupShift] + 1);
  }

  /// Scales a row's wanted values to magnitudes. Where the minus signs must be even in number, the
  /// smallest magnitude turns negative: the lattice is searched on the wrong side of zero for it.
  private int takeSigns(float inverse, float[] wanted, int row) {
    int signs = 0;
    for (int i = 0; i < arity; i++) {
      float value = wanted[i * rows + row];
      signs |= Float.floatToRawIntBits(value) >>> 31 << i;
      scaled[i] = Math.abs(value) * inverse;
    }
    return shape.evenSigns() && (Integer.bitCount(signs) & 1) == 1 ? signs ^ flipSmallest() : signs;
  }

  /// Turns the smallest magnitude negative and returns its bit.
  private int flipSmallest() {
    int smallest = 0;
    for (int i = 1; i < arity; i++) {
      smallest = scaled[i] < scaled[smallest] ? i : smallest;
    }
    scaled[smallest] = -scaled[smallest];
    return 1 << smallest;
  }

  private void storeSigns(int weight, int signs) {
    int shift = weight & 7;
    int others = codes.signs()[weight >> 3] & ~((1 << arity) - 1 << shift);
    codes.signs()[weight >> 3] = (byte) (others | signs << shift);
  }

  @Override
  public void pack(MemorySegment out, long offset) {
    int bytes = format.layout().bytes();
    for (int block = 0; block < codes.halves().length; block++) {
      format.write(codes, block, out, offset + (long) block * bytes);
    }
  }
}
