package halftone.kernel.integer;

import java.lang.foreign.MemorySegment;

/// Q8_0: eight words of signed codes, whose sign is turned over.
final class Q80Panels extends OneScalePanels {
  Q80Panels() {
    super("Q8_0", 8, 128, 0x80808080);
  }

  @Override
  int largestCode() {
    return 255;
  }

  @Override
  void readCodes(MemorySegment panels, long record, int step, int[] codes) {
    for (int word = 0; word < 8; word++) {
      readBits(panels, record + CODES + word * WORDS, 0, 0xFF, 0, codes, 4 * word);
    }
  }

  @Override
  void emitCodes(ProductEmitter e, int to, int part, int step, int group) {
    e.words(to, part, CODES + group * WORDS);
  }
}
