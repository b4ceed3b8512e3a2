package halftone.numeric;

/// Q5_K: fifth bits at 16, four-bit codes at 48.
final class Q5K extends Q45K {
  Q5K() {
    super("Q5_K", 176, 31, -0.5f, 15);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return KQuants.fourBits(blocks, from + 48, i) | ((blocks[from + 16 + (i & 31)] >> (i >> 5)) & 1) << 4;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    KQuants.setFourBits(blocks, from + 48, i, code & 15);
    Bits.setField(blocks, from + 16 + (i & 31), i >> 5, 1, code >> 4);
  }
}
