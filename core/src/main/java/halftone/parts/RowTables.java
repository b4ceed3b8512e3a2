package halftone.parts;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A codebook for every row (SqueezeLLM, arXiv 2306.07629): w = table\[row\]\[code\].
///
/// Stored as `codes` U8 {rows, bytes of a row} ([BitPacking]) and `tables` F16 {rows, 2^bits}.
public final class RowTables implements Part {
  private final int rows;
  private final int columns;
  private final int bits;
  private final byte[] codes;
  private final short[] tables;

  /// @throws IllegalArgumentException when lengths do not fit together
  public RowTables(int rows, int columns, int bits, byte[] codes, short[] tables) {
    this.rows = rows;
    this.columns = columns;
    this.bits = bits;
    this.codes = codes;
    this.tables = tables;
    if (bits < 1
        || bits > 8
        || codes.length != (long) rows * rowBytes()
        || tables.length != (long) rows << bits) {
      throw new IllegalArgumentException(
          "%d bytes of codes and %d table entries for %d rows of %d codes of %d bits"
              .formatted(codes.length, tables.length, rows, columns, bits));
    }
  }

  /// Packs codes that are one a byte, row-major.
  ///
  /// @param tables 2^bits values a row, rounded to binary16
  public static RowTables of(int rows, int columns, int bits, byte[] unpacked, float[] tables) {
    byte[] codes = BitPacking.pack(unpacked, rows, columns, bits);
    short[] halves = new short[tables.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToFloat16(tables[i]);
    }
    return new RowTables(rows, columns, bits, codes, halves);
  }

  private int rowBytes() {
    return BitPacking.rowBytes(columns, bits);
  }

  @Override
  public String kind() {
    return "tables";
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  public int bits() {
    return bits;
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    float[] table = new float[1 << bits];
    for (int r = 0; r < count; r++) {
      int row = from + r;
      for (int k = 0; k < table.length; k++) {
        table[k] = Float.float16ToFloat(tables[(row << bits) + k]);
      }
      for (int j = 0; j < columns; j++) {
        int code = BitPacking.get(codes, row * rowBytes(), (long) j * bits, bits);
        out[at + r * columns + j] += table[code];
      }
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("codes", Field.bytes(codes, rows, rowBytes()));
    fields.put("tables", Field.halves(tables, rows, 1L << bits));
    return fields;
  }
}
