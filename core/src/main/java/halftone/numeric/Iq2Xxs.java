package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ2_XXS: 66 bytes for 256 weights, 2.0625 bits a weight. Block: d as binary16, then for each 32
/// weights four index bytes and a 32-bit word of four times seven signs, low first, and the scale
/// code in its top four bits.
public final class Iq2Xxs extends GridFormat {
  private static final GridTrials TRIALS =
      new GridTrials(0.1f, 6, GridTrials.Largest.FITTED, GridTrials.Refit.ALL, 2, 1, 0, 1e-15f, 1);

  Iq2Xxs() {
    super("IQ2_XXS", 66, new GridShape(GridCodebook.IQ2_XXS, 32, 0.125f, true), TRIALS);
  }

  @Override
  public boolean requiresImportance() {
    return true;
  }

  @Override
  void read(MemorySegment in, long at, GridCodes codes, int block) {
    codes.halves()[block] = in.get(SHORT, at);
    for (int ib = 0; ib < 8; ib++) {
      long from = at + 2 + 8 * ib;
      SevenSigns.read(in.get(INT, from + 4), codes, block, ib);
      for (int k = 0; k < 4; k++) {
        codes.entries()[32 * block + 4 * ib + k] =
            (short) (in.get(ValueLayout.JAVA_BYTE, from + k) & 0xFF);
      }
    }
  }

  @Override
  void write(GridCodes codes, int block, MemorySegment out, long at) {
    out.set(SHORT, at, codes.halves()[block]);
    for (int ib = 0; ib < 8; ib++) {
      long to = at + 2 + 8 * ib;
      out.set(INT, to + 4, SevenSigns.word(codes, block, ib));
      for (int k = 0; k < 4; k++) {
        out.set(ValueLayout.JAVA_BYTE, to + k, (byte) codes.entries()[32 * block + 4 * ib + k]);
      }
    }
  }
}
