package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ3_XXS: 98 bytes for 256 weights, 3.0625 bits a weight. Block: d as binary16, an index byte for
/// each 4 weights, then for each 32 weights a 32-bit word of four times seven signs, low first, and
/// the scale code in its top four bits.
public final class Iq3Xxs extends GridFormat {
  private static final GridTrials TRIALS =
      new GridTrials(
          0.2f,
          15,
          GridTrials.Largest.MEASURED,
          GridTrials.Refit.OFF_GRID,
          2,
          2,
          0,
          1e-8f,
          1.0125f);

  Iq3Xxs() {
    super("IQ3_XXS", 98, new GridShape(GridCodebook.IQ3_XXS, 32, 0.25f, true), TRIALS);
  }

  @Override
  void read(MemorySegment in, long at, GridCodes codes, int block) {
    codes.halves()[block] = in.get(SHORT, at);
    for (int k = 0; k < 64; k++) {
      codes.entries()[64 * block + k] = (short) (in.get(ValueLayout.JAVA_BYTE, at + 2 + k) & 0xFF);
    }
    for (int ib = 0; ib < 8; ib++) {
      SevenSigns.read(in.get(INT, at + 66 + 4 * ib), codes, block, ib);
    }
  }

  @Override
  void write(GridCodes codes, int block, MemorySegment out, long at) {
    out.set(SHORT, at, codes.halves()[block]);
    for (int k = 0; k < 64; k++) {
      out.set(ValueLayout.JAVA_BYTE, at + 2 + k, (byte) codes.entries()[64 * block + k]);
    }
    for (int ib = 0; ib < 8; ib++) {
      out.set(INT, at + 66 + 4 * ib, SevenSigns.word(codes, block, ib));
    }
  }
}
