package halftone.parts;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Integer codes in groups of neighbouring columns, a scale and a zero point for each row and
/// group: w = (q − zero) · scale. The width may differ from group to group, not from row to row.
///
/// Stored as `codes` U8 {rows, bytes of a row} (row by row, groups in order, [BitPacking]),
/// `scales` and `zeros` F16 {rows, groups}.
///
/// Example: 3 bits in groups of 64 take 3.5 bits a weight.
public final class GroupCodes implements Part {
  private final int rows;
  private final int columns;
  private final int group;
  private final byte[] widths;
  private final byte[] codes;
  private final short[] scales;
  private final short[] zeros;

  /// @param widths bits of each group's codes, 1 to 8
  /// @param codes as stored
  /// @param scales binary16
  /// @param zeros binary16
  /// @throws IllegalArgumentException when lengths do not fit together
  public GroupCodes(
      int rows,
      int columns,
      int group,
      byte[] widths,
      byte[] codes,
      short[] scales,
      short[] zeros) {
    this.rows = rows;
    this.columns = columns;
    this.group = group;
    this.widths = widths.clone();
    this.codes = codes;
    this.scales = scales;
    this.zeros = zeros;
    int groups = groups(columns, group);
    for (byte width : widths) {
      if (width < 1 || width > 8) {
        throw new IllegalArgumentException("codes of " + width + " bits; 1 to 8 are possible");
      }
    }
    if (widths.length != groups
        || codes.length != (long) rows * rowBytes(columns, group, widths)
        || scales.length != rows * groups
        || zeros.length != rows * groups) {
      throw new IllegalArgumentException(
          "%d widths, %d bytes of codes, %d scales and %d zeros for %d rows of %d columns in groups of %d"
              .formatted(
                  widths.length, codes.length, scales.length, zeros.length, rows, columns, group));
    }
  }

  /// Packs codes that are one a byte, row-major.
  public static GroupCodes of(
      int rows,
      int columns,
      int group,
      byte[] widths,
      byte[] unpacked,
      float[] scales,
      float[] zeros) {
    int rowBytes = rowBytes(columns, group, widths);
    byte[] codes = new byte[rows * rowBytes];
    for (int row = 0; row < rows; row++) {
      long bit = 0;
      for (int j = 0; j < columns; j++) {
        int width = widths[j / group];
        BitPacking.put(codes, row * rowBytes, bit, width, unpacked[row * columns + j] & 0xFF);
        bit += width;
      }
    }
    return new GroupCodes(rows, columns, group, widths, codes, halves(scales), halves(zeros));
  }

  static int groups(int columns, int group) {
    return Math.ceilDiv(columns, group);
  }

  static int rowBytes(int columns, int group, byte[] widths) {
    long bits = 0;
    for (int g = 0; g < widths.length; g++) {
      bits += (long) widths[g] * Math.min(group, columns - g * group);
    }
    return Math.toIntExact(Math.ceilDiv(bits, 8));
  }

  private static short[] halves(float[] values) {
    short[] bits = new short[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToFloat16(values[i]);
    }
    return bits;
  }

  @Override
  public String kind() {
    return "groups";
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  public int group() {
    return group;
  }

  /// Bits of each group's codes.
  public byte[] widths() {
    return widths.clone();
  }

  /// The codes of a row, one a byte.
  public byte[] codesOfRow(int row) {
    byte[] unpacked = new byte[columns];
    int at = row * rowBytes(columns, group, widths);
    long bit = 0;
    for (int j = 0; j < columns; j++) {
      int width = widths[j / group];
      unpacked[j] = (byte) BitPacking.get(codes, at, bit, width);
      bit += width;
    }
    return unpacked;
  }

  /// The scale as stored.
  public float scale(int row, int groupIndex) {
    return Float.float16ToFloat(scales[row * widths.length + groupIndex]);
  }

  /// The zero point as stored.
  public float zero(int row, int groupIndex) {
    return Float.float16ToFloat(zeros[row * widths.length + groupIndex]);
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    int rowBytes = rowBytes(columns, group, widths);
    for (int r = 0; r < count; r++) {
      int row = from + r;
      long bit = 0;
      for (int g = 0; g < widths.length; g++) {
        float scale = scale(row, g);
        float zero = zero(row, g);
        int to = Math.min(columns, (g + 1) * group);
        for (int j = g * group; j < to; j++) {
          int code = BitPacking.get(codes, row * rowBytes, bit, widths[g]);
          out[at + r * columns + j] += (code - zero) * scale;
          bit += widths[g];
        }
      }
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    int groups = widths.length;
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("codes", Field.bytes(codes, rows, rowBytes(columns, group, widths)));
    fields.put("scales", Field.halves(scales, rows, groups));
    fields.put("zeros", Field.halves(zeros, rows, groups));
    return fields;
  }

  @Override
  public String toString() {
    return "GroupCodes[%d × %d, groups of %d, bits %s]"
        .formatted(rows, columns, group, Arrays.toString(widths));
  }
}
