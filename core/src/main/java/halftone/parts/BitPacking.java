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

  /// Codes of one width that are one a byte, row-major.
  static byte[] pack(byte[] unpacked, int rows, int columns, int width) {
    int rowBytes = rowBytes(columns, width);
    byte[] packed = new byte[Math.multiplyExact(rows, rowBytes)];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++) {
        put(packed, row * rowBytes, (long) j * width, width, unpacked[row * columns + j] & 0xFF);
      }
    }
    return packed;
  }

  /// Bytes of a row of codes of one width.
  static int rowBytes(int columns, int width) {
    return Math.toIntExact(Math.ceilDiv((long) columns * width, 8L));
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
