package halftone.numeric;

/// Q3_K: 256 weights in 16 groups; third bits at 0, low two bits at 32, six-bit scales at 96, d at 108;
/// y = d · (scale − 32) · (q − 4).
final class Q3K extends AffineFormat {
  Q3K() {
    super("Q3_K", 256, 110, 16, 7, 4);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float[] scales = scratch.scales;
    for (int g = 0; g < 16; g++) {
      scales[g] = Searches.descended(x, at + 16 * g, 16, 4, scratch.codes, 16 * g);
    }
    float max = Searches.signedMax(scales, 0, 16);
    float d = 0;
    if (max != 0) {
      float inverse = -32 / max;
      for (int g = 0; g < 16; g++) {
        putScale(out, to + 96, g, Bits.clamp(Bits.nearest(inverse * scales[g]), -32, 31) + 32);
      }
      d = 1 / inverse;
    }
    Bits.putHalf(out, to + 108, d);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  void encode(float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    float energy = 2 * KQuants.energy(x, at) / 256;
    for (int g = 0; g < 16; g++) {
      KQuants.weigh(x, at + 16 * g, v, j + 16 * g, 16, energy, scratch, g);
      scratch.scales[g] =
          Searches.symmetric(x, at + 16 * g, 16, 4, scratch.weights, 0, scratch.codes, 16 * g);
    }
    float d =
        Searches.symmetric(
            scratch.scales, 0, 16, 32, scratch.groupWeights, 0, scratch.scaleCodes, 0);
    for (int g = 0; g < 16; g++) {
      putScale(out, to + 96, g, scratch.scaleCodes[g]);
    }
    Bits.putHalf(out, to + 108, d);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  private static void putScale(byte[] out, int from, int g, int scale) {
    out[from + (g & 7)] |= (byte) ((scale & 15) << (g < 8 ? 0 : 4));
    out[from + 8 + (g & 3)] |= (byte) (scale >> 4 << 2 * (g >> 2));
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    float d = Bits.half(blocks, from + 108);
    for (int g = 0; g < 16; g++) {
      int low = (blocks[from + 96 + (g & 7)] >> (g < 8 ? 0 : 4)) & 15;
      int high = (blocks[from + 104 + (g & 3)] >> 2 * (g >> 2)) & 3;
      steps[at + g * stride] = d * ((low | high << 4) - 32);
      offsets[at + g * stride] = -0f;
    }
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return KQuants.twoBits(blocks, from + 32, i) | ((blocks[from + (i & 31)] >> (i >> 5)) & 1) << 2;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    KQuants.setTwoBits(blocks, from + 32, i, code & 3);
    Bits.setField(blocks, from + (i & 31), i >> 5, 1, code >> 2);
  }
}
