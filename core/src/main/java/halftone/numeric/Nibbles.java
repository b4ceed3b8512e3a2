package halftone.numeric;

/// Four-bit fields as blocks of 32 weights hold them: weight i in byte i mod 16, the low half
/// first.
final class Nibbles {
  private Nibbles() {}

  /// Field of weight `i` of a run of `2 · half` weights whose bytes start at `b[at]`.
  static int get(byte[] b, int at, int half, int i) {
    return i < half ? b[at + i] & 15 : (b[at + i - half] >> 4) & 15;
  }

  /// Writes the low four bits of `codes[from …] + bias`, `2 · half` of them, to `half` bytes.
  static void put(byte[] codes, int from, int bias, byte[] b, int at, int half) {
    for (int i = 0; i < half; i++) {
      int low = codes[from + i] + bias & 15;
      int high = codes[from + i + half] + bias;
      b[at + i] = (byte) (low | high << 4);
    }
  }
}
