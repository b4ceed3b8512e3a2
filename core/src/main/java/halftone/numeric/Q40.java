package halftone.numeric;

/// Q4_0: d at 0, nibbles at 2; y = d · (q − 8).
final class Q40 extends SymmetricLegacy {
  Q40() {
    super("Q4_0", 18, 15, 8);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 2, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 2, i, code & 15);
  }
}
