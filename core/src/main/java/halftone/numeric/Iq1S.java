package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ1_S: 50 bytes for 256 weights, 1.5625 bits a weight. Block: d as binary16, an index byte for
/// each 8 weights, then for each 32 weights a 16-bit word of four times three high index bits, a
/// scale code s at bit 12 and the sign of the shift at bit 15.
public final class Iq1S extends Iq1Format {
  private static final float STORED_SCALE = 1.125f;

  Iq1S() {
    super("IQ1_S", 50);
  }

  @Override
  int group() {
    return 32;
  }

  @Override
  boolean shiftsByEntry() {
    return false;
  }

  @Override
  float negligible() {
    return 1e-12f;
  }

  @Override
  public boolean requiresImportance() {
    return true;
  }

  @Override
  TernarySplit newSplit() {
    return new OneShiftSplit(group());
  }

  @Override
  float settle(float d, float[] x, int at, float[] importance, Iq1Codes codes, int block) {
    return d * STORED_SCALE;
  }

  @Override
  void read(MemorySegment in, long at, Iq1Codes codes, int block) {
    codes.halves()[block] = in.get(GridFormat.SHORT, at);
    for (int ib = 0; ib < 8; ib++) {
      int word = in.get(GridFormat.SHORT, at + 34 + 2 * ib);
      codes.scales()[8 * block + ib] = (byte) (word >> 12 & 7);
      for (int k = 4 * ib; k < 4 * ib + 4; k++) {
        int low = in.get(ValueLayout.JAVA_BYTE, at + 2 + k) & 0xFF;
        codes.entries()[32 * block + k] = (short) (low | (word >> 3 * (k & 3) & 7) << 8);
        codes.minus()[32 * block + k] = (byte) (word >> 15 & 1);
      }
    }
  }

  @Override
  void write(Iq1Codes codes, int block, MemorySegment out, long at) {
    out.set(GridFormat.SHORT, at, codes.halves()[block]);
    for (int ib = 0; ib < 8; ib++) {
      int word = codes.scales()[8 * block + ib] << 12 | codes.minus()[32 * block + 4 * ib] << 15;
      for (int k = 4 * ib; k < 4 * ib + 4; k++) {
        int entry = codes.entries()[32 * block + k];
        out.set(ValueLayout.JAVA_BYTE, at + 2 + k, (byte) entry);
        word |= entry >> 8 << 3 * (k & 3);
      }
      out.set(GridFormat.SHORT, at + 34 + 2 * ib, (short) word);
    }
  }
}
