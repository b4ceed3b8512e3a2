package halftone.numeric;

/// TQ2_0: 256 two-bit codes at 0, d at 64; y = d · (q − 1), ternary.
final class Tq20 extends AffineFormat {
  Tq20() {
    super("TQ2_0", 256, 66, 256, 2, 1);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    Tq10.encodeTernary(this, x, at, out, to, 64);
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from + 64);
    offsets[at] = -0f;
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return (blocks[from + 32 * (i >> 7) + (i & 31)] >> 2 * ((i >> 5) & 3)) & 3;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 32 * (i >> 7) + (i & 31), 2 * ((i >> 5) & 3), 3, code);
  }
}
