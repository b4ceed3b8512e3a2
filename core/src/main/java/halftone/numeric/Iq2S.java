package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ2_S: 82 bytes for 256 weights, 2.5625 bits a weight. Block: d as binary16, for each 8 weights
/// an index byte, then for each 8 weights a byte of signs, then two high index bits for each 8
/// weights, low first, then a scale code of four bits for each 16 weights, low first.
public final class Iq2S extends GridFormat {
  private static final GridTrials TRIALS =
      new GridTrials(
          0.1f,
          9,
          GridTrials.Largest.MEASURED,
          GridTrials.Refit.OFF_GRID,
          1,
          2,
          0.25f,
          1e-8f,
          0.9875f);

  Iq2S() {
    super("IQ2_S", 82, new GridShape(GridCodebook.IQ2_S, 16, 0.125f, false), TRIALS);
  }

  @Override
  void read(MemorySegment in, long at, GridCodes codes, int block) {
    codes.halves()[block] = in.get(SHORT, at);
    for (int k = 0; k < 32; k++) {
      int low = in.get(ValueLayout.JAVA_BYTE, at + 2 + k) & 0xFF;
      int high = in.get(ValueLayout.JAVA_BYTE, at + 66 + k / 4) >> 2 * (k & 3) & 3;
      codes.entries()[32 * block + k] = (short) (low | high << 8);
      codes.signs()[32 * block + k] = in.get(ValueLayout.JAVA_BYTE, at + 34 + k);
    }
    ScaleNibbles.read(in, at + 74, codes.scales(), 16 * block, 16);
  }

  @Override
  void write(GridCodes codes, int block, MemorySegment out, long at) {
    out.set(SHORT, at, codes.halves()[block]);
    int high = 0;
    for (int k = 0; k < 32; k++) {
      int entry = codes.entries()[32 * block + k];
      out.set(ValueLayout.JAVA_BYTE, at + 2 + k, (byte) entry);
      out.set(ValueLayout.JAVA_BYTE, at + 34 + k, codes.signs()[32 * block + k]);
      high |= entry >> 8 << 2 * (k & 3);
      if ((k & 3) == 3) {
        out.set(ValueLayout.JAVA_BYTE, at + 66 + k / 4, (byte) high);
        high = 0;
      }
    }
    ScaleNibbles.write(codes.scales(), 16 * block, 16, out, at + 74);
  }
}
