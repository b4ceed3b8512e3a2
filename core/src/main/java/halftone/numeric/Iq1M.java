package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// IQ1_M: 56 bytes for 256 weights, 1.75 bits a weight. Block: an index byte for each 8 weights,
/// then four bits for each 8 weights (three high index bits and the sign of the shift), then four
/// 16-bit words of four times three bits of scale code s (for 16 weights each), whose top four bits
/// together are d as binary16.
public final class Iq1M extends Iq1Format {
  private static final float STORED_SCALE = 1.1125f;

  Iq1M() {
    super("IQ1_M", 56);
  }

  @Override
  int group() {
    return 16;
  }

  @Override
  boolean shiftsByEntry() {
    return true;
  }

  @Override
  float negligible() {
    return 1e-7f;
  }

  @Override
  TernarySplit newSplit() {
    return new TwoShiftSplit(group());
  }

  /// The least-squares d of the whole block under its codes.
  @Override
  float settle(float d, float[] x, int at, float[] importance, Iq1Codes codes, int block) {
    float xq = 0;
    float qq = 0;
    for (int i = 0; i < GridFormat.BLOCK; i++) {
      int k = 32 * block + i / 8;
      float point = Iq1Points.values(codes.minus()[k])[8 * codes.entries()[k] + i % 8];
      float q = point * (2 * codes.scales()[k / 2] + 1);
      xq += importance[i] * q * x[at + i];
      qq += importance[i] * q * q;
    }
    return (qq > 0 ? xq / qq : d) * STORED_SCALE;
  }

  @Override
  void read(MemorySegment in, long at, Iq1Codes codes, int block) {
    int half = 0;
    for (int i = 0; i < 4; i++) {
      int word = in.get(GridFormat.SHORT, at + 48 + 2 * i);
      half |= (word >> 12 & 15) << 4 * i;
      for (int s = 0; s < 4; s++) {
        codes.scales()[16 * block + 4 * i + s] = (byte) (word >> 3 * s & 7);
      }
    }
    codes.halves()[block] = (short) half;
    for (int k = 0; k < 32; k++) {
      int low = in.get(ValueLayout.JAVA_BYTE, at + k) & 0xFF;
      int nibble = in.get(ValueLayout.JAVA_BYTE, at + 32 + k / 2) >> 4 * (k & 1);
      codes.entries()[32 * block + k] = (short) (low | (nibble & 7) << 8);
      codes.minus()[32 * block + k] = (byte) (nibble >> 3 & 1);
    }
  }

  @Override
  void write(Iq1Codes codes, int block, MemorySegment out, long at) {
    int pair = 0;
    for (int k = 0; k < 32; k++) {
      int entry = codes.entries()[32 * block + k];
      out.set(ValueLayout.JAVA_BYTE, at + k, (byte) entry);
      int nibble = entry >> 8 | codes.minus()[32 * block + k] << 3;
      pair = (k & 1) == 0 ? nibble : pair | nibble << 4;
      out.set(ValueLayout.JAVA_BYTE, at + 32 + k / 2, (byte) pair);
    }
    for (int i = 0; i < 4; i++) {
      int word = (codes.halves()[block] >> 4 * i & 15) << 12;
      for (int s = 0; s < 4; s++) {
        word |= codes.scales()[16 * block + 4 * i + s] << 3 * s;
      }
      out.set(GridFormat.SHORT, at + 48 + 2 * i, (short) word);
    }
  }
}
