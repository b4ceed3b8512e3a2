package halftone.numeric;

/// IQ4_NL: 32 weights; d at 0, nibbles at 2; y = d · table[q].
final class Iq4Nl extends CodebookFormat {
  private static final float[] NONE = {};

  Iq4Nl() {
    super("IQ4_NL", 32, 18, 32, IQ4);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    encode(x, at, NONE, 0, 0, out, to, scratch);
  }

  @Override
  void encode(float[] x, int at, float[] v, int j, float rowMeanSquare, byte[] out, int to, Scratch scratch) {
    float energy = 0;
    for (int i = 0; i < 32; i++) {
      energy += x[at + i] * x[at + i];
    }
    Iq4Search.weigh(x, at, v, j, energy * 2 / 32, scratch.weights);
    float d = Iq4Search.scale(x, at, scratch.weights);
    Bits.putHalf(out, to, d);
    float inverse = d != 0 ? 1 / d : 0;
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, IQ4.nearest(inverse * x[at + i]));
    }
  }

  @Override
  void steps(byte[] blocks, int from, float[] steps, int at, int stride) {
    steps[at] = Bits.half(blocks, from);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 2, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 2, i, code);
  }
}
