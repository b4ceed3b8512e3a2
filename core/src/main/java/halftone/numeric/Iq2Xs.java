package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// IQ2_XS: 74 bytes for 256 weights, 2.3125 bits a weight. Block: d as binary16, for each 8 weights
/// a 16-bit word of nine index bits and seven signs above them, then a scale code of four bits for
/// each 16 weights, low first.
public final class Iq2Xs extends GridFormat {
  private static final GridTrials TRIALS =
      new GridTrials(
          0.1f, 9, GridTrials.Largest.MEASURED, GridTrials.Refit.OFF_GRID, 2, 1, 0, 1e-15f, 1);

  Iq2Xs() {
    super("IQ2_XS", 74, new GridShape(GridCodebook.IQ2_XS, 16, 0.125f, true), TRIALS);
  }

  @Override
  public boolean requiresImportance() {
    return true;
  }

  @Override
  void read(MemorySegment in, long at, GridCodes codes, int block) {
    codes.halves()[block] = in.get(SHORT, at);
    for (int k = 0; k < 32; k++) {
      int word = in.get(SHORT, at + 2 + 2 * k);
      codes.entries()[32 * block + k] = (short) (word & 511);
      codes.signs()[32 * block + k] = SevenSigns.withEighth(word >> 9);
    }
    ScaleNibbles.read(in, at + 66, codes.scales(), 16 * block, 16);
  }

  @Override
  void write(GridCodes codes, int block, MemorySegment out, long at) {
    out.set(SHORT, at, codes.halves()[block]);
    for (int k = 0; k < 32; k++) {
      int word = codes.entries()[32 * block + k] | codes.signs()[32 * block + k] << 9;
      out.set(SHORT, at + 2 + 2 * k, (short) word);
    }
    ScaleNibbles.write(codes.scales(), 16 * block, 16, out, at + 66);
  }
}
