package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ3_S: 110 bytes for 256 weights, 3.4375 bits a weight. Block: d as binary16, an index byte for
/// each 4 weights, a high index bit for each 4 weights, a byte of signs for each 8 weights, then a
/// scale code of four bits for each 32 weights, low first. Its smallest magnitude is d: it cannot
/// hold 0.
///
/// Bytes are ggml's except where a group of 32 is all zero and a later one of its block is not:
/// there ggml (v0.5.0) stores the later groups' entries and signs one place too early, and this
/// encoder does not.
public final class Iq3S extends GridFormat {
  private static final GridTrials TRIALS =
      new GridTrials(
          0.2f,
          9,
          GridTrials.Largest.MEASURED,
          GridTrials.Refit.ALL_IF_OFF_GRID,
          3,
          2,
          0,
          0,
          1.033f);

  Iq3S() {
    super("IQ3_S", 110, new GridShape(GridCodebook.IQ3_S, 32, 1, false), TRIALS);
  }

  @Override
  void read(MemorySegment in, long at, GridCodes codes, int block) {
    codes.halves()[block] = in.get(SHORT, at);
    for (int k = 0; k < 64; k++) {
      int low = in.get(ValueLayout.JAVA_BYTE, at + 2 + k) & 0xFF;
      int high = in.get(ValueLayout.JAVA_BYTE, at + 66 + k / 8) >> (k & 7) & 1;
      codes.entries()[64 * block + k] = (short) (low | high << 8);
    }
    MemorySegment.copy(in, ValueLayout.JAVA_BYTE, at + 74, codes.signs(), 32 * block, 32);
    ScaleNibbles.read(in, at + 106, codes.scales(), 8 * block, 8);
  }

  @Override
  void write(GridCodes codes, int block, MemorySegment out, long at) {
    out.set(SHORT, at, codes.halves()[block]);
    int high = 0;
    for (int k = 0; k < 64; k++) {
      int entry = codes.entries()[64 * block + k];
      out.set(ValueLayout.JAVA_BYTE, at + 2 + k, (byte) entry);
      high |= entry >> 8 << (k & 7);
      if ((k & 7) == 7) {
        out.set(ValueLayout.JAVA_BYTE, at + 66 + k / 8, (byte) high);
        high = 0;
      }
    }
    MemorySegment.copy(codes.signs(), 32 * block, out, ValueLayout.JAVA_BYTE, at + 74, 32);
    ScaleNibbles.write(codes.scales(), 8 * block, 8, out, at + 106);
  }
}
