package halftone.parts;

/// Codes of 1 to 8 bits as a stream of bits, the first code in the lowest bits of the first byte.
/// Every row starts at a byte.
final class BitPacking {
  private BitPacking() {}

  /// Writes a code at a bit of a row that starts at byte `at`.
  static void put(byte[] out, int at, long bit, int width, int code) {
    int index = at + (int) (bit >> 3);
    int shifted = code << (bit & 7);
    out[index] |= (byte) shifted;
    if ((bit & 7) + width > 8) {
      out[index + 1] |= (byte) (shifted >> 8);
    }
  }

  static int get(byte[] in, int at, long bit, int width) {
    int index = at + (int) (bit >> 3);
    int shift = (int) (bit & 7);
    int word = in[index] & 0xFF;
    if (shift + width > 8) {
      word |= (in[index + 1] & 0xFF) << 8;
    }
    return word >> shift & (1 << width) - 1;
  }
}
