package halftone.numeric;

/// IQ4_XS: 256 weights in 8 groups; d at 0, high scale bits at 2, low scale nibbles at 4, nibbles at 8;
/// y = d · (scale − 32) · table[q].
final class Iq4Xs extends CodebookFormat {
  private static final float[] NONE = {};

  Iq4Xs() {
    super("IQ4_XS", 256, 136, 32, IQ4);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    encode(x, at, NONE, 0, 0, out, to, scratch);
  }

  @Override
  void encode(float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    float energy = KQuants.energy(x, at) * 2 / 256;
    float[] scales = scratch.scales;
    for (int g = 0; g < 8; g++) {
      Iq4Search.weigh(x, at + 32 * g, v, j + 32 * g, energy, scratch.weights);
      scales[g] = Iq4Search.scale(x, at + 32 * g, scratch.weights);
    }
    float d = -Searches.signedMax(scales, 0, 8) / 32;
    Bits.putHalf(out, to, d);
    float inverse = d != 0 ? 1 / d : 0;
    for (int g = 0; g < 8; g++) {
      int scale = Bits.clamp(Bits.nearest(inverse * scales[g]), -32, 31);
      float step = d * scale;
      float inverseStep = step != 0 ? 1 / step : 0;
      putScale(out, to, g, scale + 32);
      for (int i = 0; i < 32; i++) {
        setCode(out, to, 32 * g + i, IQ4.nearest(inverseStep * x[at + 32 * g + i]));
      }
    }
  }

  private static void putScale(byte[] out, int to, int g, int scale) {
    out[to + 4 + (g >> 1)] |= (byte) ((scale & 15) << 4 * (g & 1));
    Bits.putU16(out, to + 2, Bits.u16(out, to + 2) | scale >> 4 << 2 * g);
  }

  @Override
  void steps(byte[] blocks, int from, float[] steps, int at, int stride) {
    float d = Bits.half(blocks, from);
    int high = Bits.u16(blocks, from + 2);
    for (int g = 0; g < 8; g++) {
      int low = (blocks[from + 4 + (g >> 1)] >> 4 * (g & 1)) & 15;
      steps[at + g * stride] = d * ((low | ((high >> 2 * g) & 3) << 4) - 32);
    }
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 8 + 16 * (i >> 5), i & 31);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 8 + 16 * (i >> 5), i & 31, code);
  }
}
