package halftone.numeric;

/// The twelve bytes of Q4_K and Q5_K that hold eight six-bit scales and eight six-bit mins.
final class SixBitScales {
  private SixBitScales() {}

  static int scale(byte[] b, int at, int j) {
    return j < 4 ? b[at + j] & 63 : (b[at + j + 4] & 15) | (b[at + j - 4] >> 6 & 3) << 4;
  }

  static int min(byte[] b, int at, int j) {
    return j < 4 ? b[at + j + 4] & 63 : (b[at + j + 4] >> 4 & 15) | (b[at + j] >> 6 & 3) << 4;
  }

  static void put(byte[] scales, byte[] mins, byte[] b, int at) {
    for (int j = 0; j < 4; j++) {
      b[at + j] = (byte) (scales[j] | scales[j + 4] >> 4 << 6);
      b[at + j + 4] = (byte) (mins[j] | mins[j + 4] >> 4 << 6);
      b[at + j + 8] = (byte) (scales[j + 4] & 15 | (mins[j + 4] & 15) << 4);
    }
  }
}
