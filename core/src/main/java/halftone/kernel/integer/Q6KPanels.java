package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Q6_K: a record of 128 columns has the signed scales of its eight steps, sixteen words with the
/// low four bits of the codes and eight with the high two. Two records share d.
final class Q6KPanels extends PanelFormat {
  private static final int BLOCK = 210;
  private static final int LOW = 8 * ROWS;
  private static final int HIGH = LOW + 16 * WORDS;

  Q6KPanels() {
    super("Q6_K");
  }

  @Override
  int columns() {
    return 128;
  }

  @Override
  int recordBytes() {
    return HIGH + 8 * WORDS;
  }

  @Override
  int recordsPerHeader() {
    return 2;
  }

  @Override
  int headerBytes() {
    return 2 * ROWS;
  }

  @Override
  int stepColumns() {
    return 16;
  }

  @Override
  int offset() {
    return 32;
  }

  @Override
  void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    long headers = at + headersAt(columns);
    for (int block = 0; block < columns / 256; block++) {
      long from = (long) block * BLOCK;
      panel.set(HALF, headers + (long) block * headerBytes() + 2 * lane, row.get(HALF, from + 208));
      for (int record = 0; record < 2; record++) {
        long to = at + (2L * block + record) * recordBytes();
        for (int step = 0; step < 8; step++) {
          byte scale = row.get(ValueLayout.JAVA_BYTE, from + 192 + 8 * record + step);
          panel.set(ValueLayout.JAVA_BYTE, to + step * ROWS + lane, scale);
        }
        for (int word = 0; word < 16; word++) {
          int low = row.get(WORD, from + 64 * record + 4 * word);
          panel.set(WORD, to + LOW + word * WORDS + 4 * lane, low);
        }
        for (int word = 0; word < 8; word++) {
          int high = row.get(WORD, from + 128 + 32 * record + 4 * word);
          panel.set(WORD, to + HIGH + word * WORDS + 4 * lane, high);
        }
      }
    }
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    int run = step / 2;
    for (int word = 0; word < 4; word++) {
      int at = 4 * (step % 2) + word;
      long low = record + LOW + (8 * (run % 2) + at) * WORDS;
      readBits(panels, low, 4 * (run / 2), 15, 0, codes, 4 * word);
      readBits(panels, record + HIGH + at * WORDS, 2 * run, 3, 4, codes, 4 * word);
    }
  }

  @Override
  void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima) {
    for (int lane = 0; lane < ROWS; lane++) {
      int scale = panels.get(ValueLayout.JAVA_BYTE, record + step * ROWS + lane);
      scales[lane] = scale * half(panels, header + 2 * lane);
    }
  }

  @Override
  void emitScales(ProductEmitter e, int panel, int step) {
    e.code().vpmovsxbd(e.registers().scale(panel), e.record(panel, step * ROWS));
    e.code().vcvtdq2ps(e.registers().scale(panel), e.registers().scale(panel));
    e.code()
        .vmulps(
            e.registers().scale(panel),
            e.registers().scale(panel),
            e.registers().superScale(panel));
  }

  @Override
  void emitCodes(ProductEmitter e, int panel, int step, int group) {
    int run = step / 2; // of 32 columns
    int word = 4 * (step % 2) + group;
    e.nibbles(panel, LOW + (8 * (run % 2) + word) * WORDS, run / 2);
    e.highPairs(panel, HIGH + word * WORDS, run);
  }
}
