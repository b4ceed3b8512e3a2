package halftone.numeric;

/// Q8_0: d at 0, 32 signed bytes at 2; y = d · q.
final class Q80 extends AffineFormat {
  Q80() {
    super("Q8_0", 32, 34, 32, 255, 128);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float d = Math.abs(Searches.signedMax(x, at, 32)) / 127;
    float inverse = d != 0 ? 1 / d : 0;
    Bits.putHalf(out, to, d);
    for (int i = 0; i < 32; i++) {
      out[to + 2 + i] = (byte) Bits.roundAway(x[at + i] * inverse);
    }
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from);
    offsets[at] = -0f;
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return blocks[from + 2 + i] + 128;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    blocks[from + 2 + i] = (byte) (code - 128);
  }
}
