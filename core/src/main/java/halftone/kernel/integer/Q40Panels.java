package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;

/// Q4_0: four words, columns 0 to 15 in the low halves of the bytes, 16 to 31 in the high ones.
final class Q40Panels extends OneScalePanels {
  Q40Panels() {
    super("Q4_0", 4, 8, 0);
  }

  @Override
  int largestCode() {
    return 15;
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    for (int word = 0; word < 4; word++) {
      readBits(panels, record + CODES + word * WORDS, 0, 15, 0, codes, 4 * word);
      readBits(panels, record + CODES + word * WORDS, 4, 15, 0, codes, 16 + 4 * word);
    }
  }

  @Override
  void emitCodes(ProductEmitter e, int to, int part, int step, int group) {
    e.nibbles(to, part, CODES + group % 4 * WORDS, group / 4);
  }
}
