package halftone.parts;

import halftone.numeric.ElementFormat;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Elements of one format under a scale for every block of neighbours in a row: microscaling
/// formats, NVFP4, NF4, and with one block a row floats of any width.
///
/// Stored as `codes` U8 {rows, bytes of a row} ([BitPacking]) and the arrays of [BlockScales]. The
/// last block of a row may be shorter.
public final class ScaledElements implements Part {
  private final int rows;
  private final int columns;
  private final int block;
  private final ElementFormat element;
  private final byte[] codes;
  private final BlockScales scales;

  /// @throws IllegalArgumentException when lengths do not fit together
  public ScaledElements(
      int rows, int columns, int block, ElementFormat element, byte[] codes, BlockScales scales) {
    this.rows = rows;
    this.columns = columns;
    this.block = block;
    this.element = element;
    this.codes = codes;
    this.scales = scales;
    if (codes.length != (long) rows * BitPacking.rowBytes(columns, element.bits())
        || scales.count() != (long) rows * Math.ceilDiv(columns, block)) {
      throw new IllegalArgumentException(
          "%d bytes of codes and %d scales for %d rows of %d of %s in blocks of %d"
              .formatted(codes.length, scales.count(), rows, columns, element.id(), block));
    }
  }

  /// Packs codes that are one a byte, row-major.
  public static ScaledElements of(
      int rows,
      int columns,
      int block,
      ElementFormat element,
      byte[] unpacked,
      BlockScales scales) {
    byte[] codes = BitPacking.pack(unpacked, rows, columns, element.bits());
    return new ScaledElements(rows, columns, block, element, codes, scales);
  }

  @Override
  public String kind() {
    return "elements";
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  /// Neighbours in a row that share a scale.
  public int block() {
    return block;
  }

  public ElementFormat element() {
    return element;
  }

  public BlockScales scales() {
    return scales;
  }

  @Override
  public void add(int from, int count, float[] out, int at) {
    int rowBytes = BitPacking.rowBytes(columns, element.bits());
    int blocks = Math.ceilDiv(columns, block);
    int bits = element.bits();
    for (int r = 0; r < count; r++) {
      int row = from + r;
      for (int j = 0; j < columns; j++) {
        int code = BitPacking.get(codes, row * rowBytes, (long) j * bits, bits);
        out[at + r * columns + j] += element.value(code) * scales.get(row * blocks + j / block);
      }
    }
  }

  @Override
  public SequencedMap<String, Field> fields() {
    SequencedMap<String, Field> fields = new LinkedHashMap<>();
    fields.put("codes", Field.bytes(codes, rows, BitPacking.rowBytes(columns, element.bits())));
    fields.putAll(scales.fields());
    return fields;
  }
}
