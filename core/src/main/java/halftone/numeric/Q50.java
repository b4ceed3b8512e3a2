package halftone.numeric;

/// Q5_0: d at 0, fifth bits at 2, nibbles at 6; y = d · (q − 16).
final class Q50 extends SymmetricLegacy {
  Q50() {
    super("Q5_0", 22, 31, 16);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 6, i) | ((blocks[from + 2 + (i >> 3)] >> (i & 7)) & 1) << 4;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 6, i, code & 15);
    Bits.setField(blocks, from + 2 + (i >> 3), i & 7, 1, code >> 4);
  }
}
