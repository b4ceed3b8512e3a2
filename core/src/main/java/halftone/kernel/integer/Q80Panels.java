package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;

/// Q8_0: a record of 32 columns has sixteen 16-bit scales and eight words of signed codes, whose
/// sign is turned so that they are unsigned.
final class Q80Panels extends PanelFormat {
  private static final int BLOCK = 34;
  private static final int SCALES = 2 * ROWS;
  private static final int SIGNS = 0x80808080;

  Q80Panels() {
    super("Q8_0");
  }

  @Override
  int columns() {
    return 32;
  }

  @Override
  int recordBytes() {
    return SCALES + 8 * WORDS;
  }

  @Override
  int recordsPerHeader() {
    return 0;
  }

  @Override
  int headerBytes() {
    return 0;
  }

  @Override
  int stepColumns() {
    return 32;
  }

  @Override
  int offset() {
    return 128;
  }

  @Override
  void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    for (int block = 0; block < columns / 32; block++) {
      long from = (long) block * BLOCK;
      long to = at + (long) block * recordBytes();
      panel.set(HALF, to + 2 * lane, row.get(HALF, from));
      for (int word = 0; word < 8; word++) {
        int codes = row.get(WORD, from + 2 + 4 * word) ^ SIGNS;
        panel.set(WORD, to + SCALES + word * WORDS + 4 * lane, codes);
      }
    }
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    for (int word = 0; word < 8; word++) {
      readBits(panels, record + SCALES + word * WORDS, 0, 0xFF, 0, codes, 4 * word);
    }
  }

  @Override
  void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima) {
    for (int lane = 0; lane < ROWS; lane++) {
      scales[lane] = half(panels, record + 2 * lane);
    }
  }

  @Override
  void emitScales(ProductEmitter e, int panel, int step) {
    e.code().vcvtph2ps(e.registers().scale(panel), e.record(panel, 0));
  }

  @Override
  void emitCodes(ProductEmitter e, int panel, int step, int group) {
    e.code().vmovdqu32(e.registers().codes(panel), e.record(panel, SCALES + group * WORDS));
  }
}
