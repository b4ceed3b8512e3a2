package halftone.numeric;

/// Q4_1: d at 0, m at 2, nibbles at 4; y = d · q + m.
final class Q41 extends AffineLegacy {
  Q41() {
    super("Q4_1", 20, 15);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 4, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 4, i, code & 15);
  }
}
