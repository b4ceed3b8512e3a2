package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows of IQ1_S or IQ1_M: the encoder's scales, and codes that may move, eight columns together.
/// Rounding is exact: least squares over all entries, and over both shifts where each eight have
/// their own (IQ1_M); a shift that a whole group shares (IQ1_S) stays.
final class Iq1Rows implements FittedRows {
  static final int ARITY = 8;

  private final Iq1Format format;
  private final int rows;
  private final int columns;
  private final Iq1Codes codes;
  private final float[] scaled = new float[ARITY];

  Iq1Rows(Iq1Format format, int rows, int columns) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.codes = Iq1Codes.of(Math.multiplyExact(rows, columns), format.group());
  }

  Iq1Codes codes() {
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
    return ARITY;
  }

  @Override
  public void round(int column, float[] wanted, float[] rounded) {
    for (int row = 0; row < rows; row++) {
      int weight = row * columns + column;
      float scale = scale(weight);
      choose(weight / ARITY, scale == 0 ? 0 : 1 / scale, wanted, row);
      float[] values = Iq1Points.values(codes.minus()[weight / ARITY]);
      int entry = ARITY * codes.entries()[weight / ARITY];
      for (int j = 0; j < ARITY; j++) {
        rounded[j * rows + row] = scale * values[entry + j];
      }
    }
  }

  /// What multiplies the shifted values around a weight, as the decoder has it.
  private float scale(int weight) {
    float d = Float.float16ToFloat(codes.halves()[weight / GridFormat.BLOCK]);
    return d * (2 * codes.scales()[weight / format.group()] + 1);
  }

  private void choose(int k, float inverse, float[] wanted, int row) {
    int minus = codes.minus()[k];
    int entry = nearest(minus, inverse, wanted, row);
    if (format.shiftsByEntry()) {
      float error = error(minus, entry, inverse, wanted, row);
      int other = nearest(1 - minus, inverse, wanted, row);
      if (error(1 - minus, other, inverse, wanted, row) < error) {
        codes.minus()[k] = (byte) (1 - minus);
        entry = other;
      }
    }
    codes.entries()[k] = (short) entry;
  }

  private int nearest(int minus, float inverse, float[] wanted, int row) {
    float shift = minus == 0 ? 0.125f : -0.125f;
    for (int j = 0; j < ARITY; j++) {
      scaled[j] = wanted[j * rows + row] * inverse - shift;
    }
    return Iq1Points.nearest(scaled);
  }

  private float error(int minus, int entry, float inverse, float[] wanted, int row) {
    float[] values = Iq1Points.values(minus);
    float sum = 0;
    for (int j = 0; j < ARITY; j++) {
      float difference = wanted[j * rows + row] * inverse - values[ARITY * entry + j];
      sum += difference * difference;
    }
    return sum;
  }

  @Override
  public void pack(MemorySegment out, long offset) {
    int bytes = format.layout().bytes();
    for (int block = 0; block < codes.halves().length; block++) {
      format.write(codes, block, out, offset + (long) block * bytes);
    }
  }
}
