package halftone.parts;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A product A·B of a tall and a wide matrix (LoRC, arXiv 2303.08302), both in signed bytes: A with
/// a scale for every row, B with a scale for every rank.
///
/// Stored as `a` I8 {rows, rank}, `a_scales` F16 {rows}, `b` I8 {rank, columns}, `b_scales` F16
/// {rank}.
public final class LowRank implements Part {
  private final int rows;
  private final int columns;
  private final int rank;
  private final byte[] a;
  private final short[] aScales;
  private final byte[] b;
  private final short[] bScales;

  /// @throws IllegalArgumentException when lengths do not fit together
  public LowRank(
      int rows, int columns, int rank, byte[] a, short[] aScales, byte[] b, short[] bScales) {
    this.rows = rows;
    this.columns = columns;
    this.rank = rank;
    this.a = a;
    this.aScales = aScales;
    this.b = b;
    this.bScales = bScales;
    if (a.length != (long) rows * rank
        || aScales.length != rows
        || b.length != (long) rank * columns
        || bScales.length != rank) {
      throw new IllegalArgumentException(
          "%d + %d values and %d + %d scales are no product of rank %d for %d rows of %d"
              .formatted(a.length, b.length, aScales.length, bScales.length, rank, rows, columns));
    }
  }

  /// Rounds two matrices, row-major, to bytes with one scale for each of their rows.
  public static LowRank of(int rows, int columns, int rank, float[] a, float[] b) {
    byte[] aCodes = new byte[a.length];
    short[] aScales = new short[rows];
    round(a, rows, rank, aCodes, aScales);
    byte[] bCodes = new byte[b.length];
    short[] bScales = new short[rank];
    round(b, rank, columns, bCodes, bScales);
    return new LowRank(rows, columns, rank, aCodes, aScales, bCodes, bScales);
  }

  private static void round(float[] values, int rows, int width, byte[] codes, short[] scales) {
    for (int row = 0; row < rows; row++) {
      float largest = 0;
      for (int j = row * width; j < (row + 1) * width; j++) {
        largest = Math.max(largest, Math.abs(values[j]));
      }
      scales[row] = Float.floatToFloat16(largest / Byte.MAX_VALUE);
      float scale = Float.float16ToFloat(scales[row]);
      for (int j = row * width; j < (row + 1) * width; j++) {
        double code = scale == 0 ? 0 : Math.rint(values[j] / scale);
        codes[j] = (byte) Math.clamp(code, -Byte.MAX_VALUE, Byte.MAX_VALUE);
      }
    }
  }

  @Override
  public String kind() {
    return "low-rank";
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  public int rank() {
    return rank;
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    for (int r = 0; r < count; r++) {
      int start = at + r * columns;
      float scale = Float.float16ToFloat(aScales[from + r]);
      for (int k = 0; k < rank; k++) {
        float factor = a[(from + r) * rank + k] * scale * Float.float16ToFloat(bScales[k]);
        for (int j = 0; j < columns; j++) {
          out[start + j] += factor * b[k * columns + j];
        }
      }
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("a", Field.signedBytes(a, rows, rank));
    fields.put("a_scales", Field.halves(aScales, rows));
    fields.put("b", Field.signedBytes(b, rank, columns));
    fields.put("b_scales", Field.halves(bScales, rank));
    return fields;
  }
}
