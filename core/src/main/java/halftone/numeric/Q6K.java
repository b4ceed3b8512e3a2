package halftone.numeric;

/// Q6_K: 256 weights in 16 groups; low nibbles at 0, high bit pairs at 128, signed scales at 192, d at 208;
/// y = d · scale · (q − 32).
final class Q6K extends AffineFormat {
  Q6K() {
    super("Q6_K", 256, 210, 16, 63, 32);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    for (int i = 0; i < 256; i++) {
      scratch.weights[i] = x[at + i] * x[at + i];
    }
    encodeWeighted(x, at, scratch.weights, 0, out, to, scratch);
  }

  @Override
  void encode(float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    encodeWeighted(x, at, v, j, out, to, scratch);
  }

  private void encodeWeighted(
      float[] x, int at, float[] w, int j, byte[] out, int to, Scratch scratch) {
    float[] scales = scratch.scales;
    for (int g = 0; g < 16; g++) {
      scales[g] = Searches.symmetric(x, at + 16 * g, 16, 32, w, j + 16 * g, scratch.codes, 16 * g);
    }
    float max = Searches.signedMax(scales, 0, 16);
    if (Math.abs(max) < Searches.TINY) {
      return;
    }
    float inverse = -128 / max;
    for (int g = 0; g < 16; g++) {
      out[to + 192 + g] = (byte) Math.min(127, Bits.nearest(inverse * scales[g]));
    }
    Bits.putHalf(out, to + 208, 1 / inverse);
    requantize(x, at, scratch.codes, out, to, scratch);
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    float d = Bits.half(blocks, from + 208);
    for (int g = 0; g < 16; g++) {
      steps[at + g * stride] = d * blocks[from + 192 + g];
      offsets[at + g * stride] = -0f;
    }
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    int low = blocks[from + 64 * (i >> 7) + (i & 63)] >> 4 * ((i >> 6) & 1);
    int high = blocks[from + 128 + 32 * (i >> 7) + (i & 31)] >> 2 * ((i >> 5) & 3);
    return (low & 15) | (high & 3) << 4;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 64 * (i >> 7) + (i & 63), 4 * ((i >> 6) & 1), 15, code);
    Bits.setField(blocks, from + 128 + 32 * (i >> 7) + (i & 31), 2 * ((i >> 5) & 3), 3, code >> 4);
  }
}
