package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;

/// Formats whose blocks are 32 columns under one 16-bit scale, which stands before the codes: a
/// record is a block of each of the sixteen rows.
abstract class OneScalePanels extends PanelFormat {
  /// Where the words of codes begin in a record.
  static final int CODES = 2 * ROWS;

  private static final int COLUMNS = 32;

  private final int words;
  private final int flipped;

  /// @param words of codes in a block
  /// @param flipped bits of a word that are turned over so that codes are unsigned
  OneScalePanels(String id, int words, int offset, int flipped) {
    super(id, new Records(COLUMNS, CODES + words * WORDS, COLUMNS, offset, 0, 0));
    this.words = words;
    this.flipped = flipped;
  }

  @Override
  final void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    int blockBytes = Short.BYTES + words * Integer.BYTES;
    for (int block = 0; block < columns / COLUMNS; block++) {
      long from = (long) block * blockBytes;
      long to = at + (long) block * recordBytes();
      packHalf(row, from, panel, to, lane);
      packWords(row, from + Short.BYTES, words, flipped, panel, to + CODES, lane);
    }
  }

  @Override
  final void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima) {
    for (int lane = 0; lane < ROWS; lane++) {
      scales[lane] = half(panels, record + 2 * lane);
    }
  }

  @Override
  final void emitScales(ProductEmitter e, int part, int step) {
    e.code().vcvtph2ps(e.registers().scale(part), e.record(part, 0, Short.BYTES));
  }
}
