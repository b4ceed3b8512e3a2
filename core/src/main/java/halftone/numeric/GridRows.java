package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows of a grid type: the encoder's scales, and codes that may move. Eight columns are rounded together, or four where
/// the codebook has four values and signs are free.
final class GridRows implements FittedRows {
  private final GridFormat format;
  private final GridShape shape;
  private final int rows;
  private final int columns;
  private final int arity;
  private final GridCodes codes;
  private final float[] scaled;

  GridRows(GridFormat format, int rows, int columns) {
    this.format = format;
    this.shape = format.shape();
    this.rows = rows;
    this.columns = columns;
    this.arity = shape.evenSigns() ? 8 : shape.codebook().arity();
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
      for (int i = 0; i < arity; i += shape.codebook().arity()) {
        int entry = cells.nearest(scaled, i);
        codes.entries()[(weight + i) / shape.codebook().arity()] = (short) entry;
        for (int j = 0; j < shape.codebook().arity(); j++) {
          float value = scale * cells.point(entry, j);
          rounded[(i + j) * rows + row] = (signs >> i + j & 1) == 0 ? value : -value;
        }
      }
    }
  }

  /// What multiplies the codebook's values around a weight, as the decoder has it.
  private float scale(int weight) {
    float d = Float.float16ToFloat(codes.halves()[weight / GridFormat.BLOCK]) * shape.unit();
    return d * (2 * codes.scales()[weight / shape.group()] + 1);
  }

  /// Scales a row's wanted values to magnitudes. Where the minus signs must be even in number, the smallest magnitude
  /// turns negative: the lattice is searched on the wrong side of zero for it.
  private int takeSigns(float inverse, float[] wanted, int row) {
    int signs = 0;
    int smallest = 0;
    for (int i = 0; i < arity; i++) {
      float value = wanted[i * rows + row];
      signs |= value < 0 ? 1 << i : 0;
      scaled[i] = Math.abs(value) * inverse;
      smallest = scaled[i] < scaled[smallest] ? i : smallest;
    }
    if (shape.evenSigns() && (Integer.bitCount(signs) & 1) == 1) {
      scaled[smallest] = -scaled[smallest];
      signs ^= 1 << smallest;
    }
    return signs;
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
