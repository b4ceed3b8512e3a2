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
    super("Q6_K", new Records(128, HIGH + 8 * WORDS, 16, 32, 2, 2 * ROWS));
  }

  @Override
  void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    long headers = at + headersAt(columns);
    for (int block = 0; block < columns / 256; block++) {
      long from = (long) block * BLOCK;
      packHalf(row, from + 208, panel, headers + (long) block * headerBytes(), lane);
      for (int record = 0; record < 2; record++) {
        long to = at + (2L * block + record) * recordBytes();
        for (int step = 0; step < 8; step++) {
          int scale = row.get(ValueLayout.JAVA_BYTE, from + 192 + 8 * record + step);
          packByte(scale, panel, to + step * ROWS, lane);
        }
        packWords(row, from + 64 * record, 16, 0, panel, to + LOW, lane);
        packWords(row, from + 128 + 32 * record, 8, 0, panel, to + HIGH, lane);
      }
    }
  }

  @Override
  int largestCode() {
    return 63;
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
  void emitScales(ProductEmitter e, int part, int step) {
    ProductRegisters r = e.registers();
    e.code().vpmovsxbd(r.scale(part), e.record(part, step * ROWS, Byte.BYTES));
    e.timesSuper(r.scale(part), r.superScale(part));
  }

  @Override
  void emitCodes(ProductEmitter e, int to, int part, int step, int group) {
    int run = step / 2; // of 32 columns
    int word = 4 * (step % 2) + group;
    e.nibbles(to, part, LOW + (8 * (run % 2) + word) * WORDS, run / 2);
    e.high(to, part, HIGH + word * WORDS, 4 - 2 * run);
  }
}
