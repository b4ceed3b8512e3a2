package halftone.numeric;

/// The fifth bits of 32 codes as one word, weight i at bit i (Q5_0, Q5_1).
final class FifthBits {
  private FifthBits() {}

  static int of(byte[] codes, int bias) {
    int word = 0;
    for (int i = 0; i < 32; i++) {
      word |= (codes[i] + bias >> 4 & 1) << i;
    }
    return word;
  }
}
