package halftone.numeric;

/// Q2_0: d at 0, 64 two-bit codes at 2; y = d · (q − 1), so −d, 0, d or 2d.
final class Q20 extends AffineFormat {
  Q20() {
    super("Q2_0", 64, 18, 64, 3, 1);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float d = Math.abs(Searches.signedMax(x, at, 64));
    float inverse = d != 0 ? 1 / d : 0;
    Bits.putHalf(out, to, d);
    for (int i = 0; i < 64; i++) {
      setCode(out, to, i, Bits.clamp(Bits.roundAway(x[at + i] * inverse), -1, 2) + 1);
    }
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from);
    offsets[at] = -0f;
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return (blocks[from + 2 + (i >> 2)] >> 2 * (i & 3)) & 3;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 2 + (i >> 2), 2 * (i & 3), 3, code);
  }
}
