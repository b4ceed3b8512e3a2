package halftone.numeric;

/// Q1_0: d at 0, 128 sign bits at 2; y = ±d.
final class Q10 extends AffineFormat {
  Q10() {
    super("Q1_0", 128, 18, 128, 1, 0);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float sum = 0;
    for (int i = 0; i < 128; i++) {
      sum += Math.abs(x[at + i]);
      setCode(out, to, i, x[at + i] >= 0 ? 1 : 0);
    }
    Bits.putHalf(out, to, sum / 128);
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    float d = Bits.half(blocks, from);
    steps[at] = 2 * d;
    offsets[at] = -d;
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return (blocks[from + 2 + (i >> 3)] >> (i & 7)) & 1;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 2 + (i >> 3), i & 7, 1, code);
  }
}
