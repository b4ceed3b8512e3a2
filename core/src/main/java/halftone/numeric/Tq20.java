package halftone.numeric;

/// TQ2_0: 256 ternary weights in 66 bytes, two bits each. Two-bit fields at 0, d16 at 64. Format:
/// ggml.
final class Tq20 extends TernaryFormat {
  Tq20() {
    super("TQ2_0", 66);
  }

  @Override
  int digit(byte[] block, int i) {
    return Crumbs.get(block, 0, i);
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    Crumbs.put(codes, 1, image, at);
  }
}
