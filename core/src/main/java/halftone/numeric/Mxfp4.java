package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// MXFP4: 32 weights in 17 bytes, E2M1 values under a power of two. The exponent byte e at 0,
/// nibbles at 1; the table holds twice the values, so the scale is 2^(e − 128). Format: OCP
/// Microscaling v1.0, as ggml lays it out.
final class Mxfp4 extends BlockWeightFormat implements IntegerFormat {
  Mxfp4() {
    super("MXFP4", 32, 17);
  }

  @Override
  int group() {
    return 32;
  }

  /// The exponent reaches as far as float32 does.
  @Override
  float largest() {
    return Float.MAX_VALUE;
  }

  @Override
  BlockRows newRows(int rows, int columns) {
    return new CodebookRows(this, rows, columns, Codebook.E2M1);
  }

  @Override
  void fitBlock(Block b) {
    int e = exponent(Math.abs(Block.signedMax(b.x, 0, 32)));
    float scale = scale(e);
    for (int i = 0; i < 32; i++) {
      b.codes[i] = (byte) Codebook.nearestE2m1(b.x[i], scale);
    }
    b.image[b.at] = (byte) e;
    b.step[0] = scale;
  }

  /// ⌊log₂ max⌋ − 2 + 127, the logarithm rounded to float32 as the reference's is, and never below
  /// 0.
  private static int exponent(float max) {
    if (max == 0) {
      return 0;
    }
    int power = Math.getExponent(max);
    float logarithm = (float) (power + Math.log(max / Math.scalb(1.0, power)) / Math.log(2));
    return Math.max(0, (int) Math.floor(logarithm) - 2 + 127);
  }

  private static float scale(int e) {
    return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : e - 1 << 23);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float scale = scale(b[0] & 0xff);
    for (int i = 0; i < 32; i++) {
      out[at + i] = scale * Codebook.E2M1.value(Nibbles.get(b, 1, 16, i));
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Nibbles.put(codes, 0, 0, image, at + 1, 16);
  }

  @Override
  public IntegerCodes integers() {
    return Codebook.E2M1.integers(32, IntegerCodes.Scales.FLOAT);
  }

  @Override
  public void read(MemorySegment in, long at, IntegerBlock block) {
    block.group(0, scale(block(in, at)[0] & 0xff), 0);
    block.integersOf(this, in, at);
  }
}
