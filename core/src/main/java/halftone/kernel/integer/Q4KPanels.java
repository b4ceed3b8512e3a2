package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Q4_K: a record of 64 columns has the 6-bit scales and minima of its two steps as bytes, and
/// eight words, the first step in the low halves of the bytes, the second in the high ones. Four
/// records share d and dmin.
final class Q4KPanels extends PanelFormat {
  private static final int BLOCK = 144;
  private static final int MINIMA = 2 * ROWS;
  private static final int CODES = 4 * ROWS;
  private static final int SIX_BITS = 63;

  Q4KPanels() {
    super("Q4_K", new Records(64, CODES + 8 * WORDS, 32, 0, 4, 4 * ROWS));
  }

  @Override
  void pack(MemorySegment row, int columns, MemorySegment panel, long at, int lane) {
    long headers = at + headersAt(columns);
    for (int block = 0; block < columns / 256; block++) {
      long from = (long) block * BLOCK;
      long header = headers + (long) block * headerBytes();
      packHalf(row, from, panel, header, lane);
      packHalf(row, from + 2, panel, header + 2 * ROWS, lane);
      for (int record = 0; record < 4; record++) {
        long to = at + (4L * block + record) * recordBytes();
        for (int step = 0; step < 2; step++) {
          int index = 2 * record + step;
          packByte(scale(row, from + 4, index), panel, to + step * ROWS, lane);
          packByte(minimum(row, from + 4, index), panel, to + MINIMA + step * ROWS, lane);
        }
        packWords(row, from + 16 + 32 * record, 8, 0, panel, to + CODES, lane);
      }
    }
  }

  /// Of eight scales in twelve bytes the first four have six bits of a byte; the others have their
  /// low four bits further on and their high two at the ends of those.
  private static int scale(MemorySegment row, long at, int index) {
    return index < 4
        ? bits(row, at + index) & SIX_BITS
        : bits(row, at + index + 4) & 15 | bits(row, at + index - 4) >> 6 << 4;
  }

  private static int minimum(MemorySegment row, long at, int index) {
    return index < 4
        ? bits(row, at + index + 4) & SIX_BITS
        : bits(row, at + index + 4) >> 4 | bits(row, at + index) >> 6 << 4;
  }

  private static int bits(MemorySegment row, long at) {
    return row.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  @Override
  int largestCode() {
    return 15;
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    for (int word = 0; word < 8; word++) {
      readBits(panels, record + CODES + word * WORDS, 4 * step, 15, 0, codes, 4 * word);
    }
  }

  @Override
  void readScales(
      MemorySegment panels, long record, long header, int step, float[] scales, float[] minima) {
    for (int lane = 0; lane < ROWS; lane++) {
      int scale = panels.get(ValueLayout.JAVA_BYTE, record + step * ROWS + lane);
      int minimum = panels.get(ValueLayout.JAVA_BYTE, record + MINIMA + step * ROWS + lane);
      scales[lane] = scale * half(panels, header + 2 * lane);
      minima[lane] = minimum * half(panels, header + 2 * ROWS + 2 * lane);
    }
  }

  @Override
  void emitScales(ProductEmitter e, int part, int step) {
    ProductRegisters r = e.registers();
    e.code().vpmovzxbd(r.scale(part), e.record(part, step * ROWS, Byte.BYTES));
    e.timesSuper(r.scale(part), r.superScale(part));
    e.code().vpmovzxbd(r.minimum(part), e.record(part, MINIMA + step * ROWS, Byte.BYTES));
    e.timesSuper(r.minimum(part), r.superMinimum(part));
  }

  @Override
  void emitCodes(ProductEmitter e, int to, int part, int step, int group) {
    e.nibbles(to, part, CODES + group * WORDS, step);
  }
}
