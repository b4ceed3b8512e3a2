package halftone.numeric;

import java.util.List;

/// Q1_0: 128 weights in 18 bytes, weight = ±d, d the mean magnitude. d16 at 0, sign bits at 2 (1 is
/// plus). Format: ggml.
final class Q10 extends BlockWeightFormat implements OneHalfScale {
  Q10() {
    super("Q1_0", 128, 18);
  }

  @Override
  int group() {
    return 128;
  }

  @Override
  BlockRows newRows(int rows, int columns) {
    return new AffineRows(this, rows, columns, 0, 1, true);
  }

  @Override
  void fitBlock(Block b) {
    float sum = 0;
    for (int i = 0; i < 128; i++) {
      sum += Math.abs(b.x[i]);
      b.codes[i] = (byte) (b.x[i] >= 0 ? 1 : 0);
    }
    float d = b.putHalf(0, sum / 128);
    b.step[0] = 2 * d;
    b.offset[0] = -d;
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 128; i++) {
      out[at + i] = (b[2 + (i >> 3)] >> (i & 7) & 1) != 0 ? d : -d;
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int i = 0; i < 16; i++) {
      int packed = 0;
      for (int k = 0; k < 8; k++) {
        packed |= codes[8 * i + k] << k;
      }
      image[at + 2 + i] = (byte) packed;
    }
  }

  @Override
  public IntegerCodes integers() {
    return IntegerCodes.signed(128, List.of(1), IntegerCodes.Scales.HALF);
  }
}
