package halftone.numeric;

/// Q5_1: d at 0, m at 2, fifth bits at 4, nibbles at 8; y = d · q + m.
final class Q51 extends AffineLegacy {
  Q51() {
    super("Q5_1", 24, 31);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 8, i) | ((blocks[from + 4 + (i >> 3)] >> (i & 7)) & 1) << 4;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 8, i, code & 15);
    Bits.setField(blocks, from + 4 + (i >> 3), i & 7, 1, code >> 4);
  }
}
