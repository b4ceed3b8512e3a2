package halftone.numeric;

/// Q4_K: four-bit codes at 16.
final class Q4K extends Q45K {
  Q4K() {
    super("Q4_K", 144, 15, -1, 20);
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return KQuants.fourBits(blocks, from + 16, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    KQuants.setFourBits(blocks, from + 16, i, code);
  }
}
