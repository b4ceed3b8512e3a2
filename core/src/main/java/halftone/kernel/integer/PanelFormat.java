package halftone.kernel.integer;

import halftone.machine.Address;
import halftone.numeric.IntegerFormat;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How weights of a number format lie in panels: sixteen rows side by side, a lane each.
///
/// A panel is a sequence of records of equal size, each for so many columns: first the scales of
/// its steps for all sixteen rows, then words of four bytes as they lie in the file, the sixteen
/// rows' first words, their second words, and so on. Scales of super-blocks lie behind all records,
/// so that records follow each other without gaps: a gap costs a third of the speed at which memory
/// is read.
///
/// A step is a run of columns under one scale; its codes are unsigned, shifted by [#offset].
abstract class PanelFormat {
  static final int ROWS = 16;

  /// Columns whose codes are multiplied together.
  static final int GROUP = 4;

  static final int WORDS = ROWS * Integer.BYTES;

  /// Bytes of a table that codes are places in.
  static final int TABLE_BYTES = 16;

  static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final Map<String, PanelFormat> BY_ID =
      all().stream().collect(Collectors.toUnmodifiableMap(PanelFormat::id, each -> each));

  private final String id;
  private final Records records;
  private final ProductCode code = new ProductCode(this);

  /// The sizes of records.
  ///
  /// @param columns of a record, a multiple of 32
  /// @param bytes of a record
  /// @param stepColumns columns under one scale, 16 or 32
  /// @param offset what is taken off the unsigned codes, a power of two; 0 where a minimum is
  /// @param perHeader records under the scales of one super-block; 0 where the format has none
  /// @param headerBytes of a super-block's scales
  record Records(
      int columns, int bytes, int stepColumns, int offset, int perHeader, int headerBytes) {}

  PanelFormat(String id, Records records) {
    this.id = id;
    this.records = records;
  }

  /// Those whose words lie as in the file, and any other format of integers.
  private static List<PanelFormat> all() {
    List<PanelFormat> all =
        new ArrayList<>(
            List.of(new Q80Panels(), new Q40Panels(), new Q4KPanels(), new Q6KPanels()));
    for (NumberFormat format : NumberFormats.ALL) {
      if (format instanceof IntegerFormat integers) {
        all.add(CodedPanels.of(integers));
      }
    }
    return all;
  }

  /// That of a number format, or null where it has none.
  static @Nullable PanelFormat of(NumberFormat format) {
    return BY_ID.get(format.id());
  }

  String id() {
    return id;
  }

  ProductCode code() {
    return code;
  }

  final int columns() {
    return records.columns();
  }

  final int recordBytes() {
    return records.bytes();
  }

  final int recordsPerHeader() {
    return records.perHeader();
  }

  final int headerBytes() {
    return records.headerBytes();
  }

  final int stepColumns() {
    return records.stepColumns();
  }

  final int offset() {
    return records.offset();
  }

  /// Which sum of the inputs the offset of a step is taken off with.
  ///
  /// @param column the step's first
  final int sumOf(int column) {
    if (stepColumns() == QuantizedRows.RUN) {
      return QuantizedRows.SUM;
    }
    return column % QuantizedRows.RUN == 0 ? QuantizedRows.FIRST_SUM : QuantizedRows.LAST_SUM;
  }

  /// Which scaled sum of the inputs the minimum of a step is taken off with.
  ///
  /// @param column the step's first
  final int scaledSumOf(int column) {
    if (stepColumns() == QuantizedRows.RUN) {
      return QuantizedRows.SCALED_SUM;
    }
    return column % QuantizedRows.RUN == 0
        ? QuantizedRows.FIRST_SCALED_SUM
        : QuantizedRows.LAST_SCALED_SUM;
  }

  static int everyByte(int bits) {
    return bits * 0x01010101;
  }

  /// The bits of a word that are low bits of codes.
  int lowMask() {
    return everyByte(0x0F);
  }

  /// The bits of codes that come from a second word.
  int highMask() {
    return everyByte(0x30);
  }

  /// What codes stand for, if they are places in a table.
  byte @Nullable [] table() {
    return null;
  }

  /// The largest unsigned code, after the table.
  abstract int largestCode();

  /// Whether steps have a minimum, which is taken off.
  final boolean hasMinimum() {
    return offset() == 0;
  }

  final int steps() {
    return columns() / stepColumns();
  }

  /// Bytes of a panel of so many columns, a multiple of 64.
  final long panelBytes(int columns) {
    long bytes = headersAt(columns);
    if (recordsPerHeader() > 0) {
      bytes += (long) columns / columns() / recordsPerHeader() * headerBytes();
    }
    return bytes;
  }

  /// Where the super-blocks' scales begin in a panel.
  final long headersAt(int columns) {
    return (long) columns / columns() * recordBytes();
  }

  /// Puts a row of the file into a lane of a panel.
  abstract void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane);

  /// The unsigned codes of a step: column by column, sixteen rows each.
  abstract void readCodes(MemorySegment panels, long record, int step, int[] codes);

  /// Scales of a step of sixteen rows, and its minima where there are some.
  ///
  /// @param header where the super-block's scales begin
  abstract void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima);

  /// Puts words of a row into a lane of as many lines, bits of `flipped` turned over.
  static void packWords(
      MemorySegment row,
      long from,
      int count,
      int flipped,
      MemorySegment panel,
      long to,
      int lane) {
    for (int word = 0; word < count; word++) {
      int bits = row.get(WORD, from + 4L * word) ^ flipped;
      panel.set(WORD, to + (long) word * WORDS + 4 * lane, bits);
    }
  }

  static void packByte(int value, MemorySegment panel, long to, int lane) {
    panel.set(ValueLayout.JAVA_BYTE, to + lane, (byte) value);
  }

  static void packHalf(MemorySegment row, long from, MemorySegment panel, long to, int lane) {
    panel.set(HALF, to + 2 * lane, row.get(HALF, from));
  }

  /// Bits of a line of words, byte after byte.
  ///
  /// @param codes or what they are added to
  static void readBits(
      MemorySegment panels, long line, int shift, int mask, int up, int[] codes, int column) {
    for (int lane = 0; lane < ROWS; lane++) {
      int word = panels.get(WORD, line + 4 * lane);
      for (int k = 0; k < GROUP; k++) {
        codes[(column + k) * ROWS + lane] += (word >>> 8 * k + shift & mask) << up;
      }
    }
  }

  static float half(MemorySegment panels, long at) {
    return Float.float16ToFloat(panels.get(HALF, at));
  }

  /// Emits: what the scales of the next records are times.
  void emitSuperScales(ProductEmitter e, int part) {
    e.code().vcvtph2ps(e.registers().superScale(part), e.header(part, 0, Short.BYTES));
    if (hasMinimum()) {
      Address minima = e.header(part, 2 * ROWS, Short.BYTES);
      e.code().vcvtph2ps(e.registers().superMinimum(part), minima);
    }
  }

  /// Emits: scales of a step into the emitter's registers, and its minima.
  abstract void emitScales(ProductEmitter e, int part, int step);

  /// Emits: codes of a group of four columns of a step, into a register.
  abstract void emitCodes(ProductEmitter e, int to, int part, int step, int group);
}
