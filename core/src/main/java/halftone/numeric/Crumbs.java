package halftone.numeric;

/// Two-bit fields as blocks of 256 weights hold them: of each 128 weights, weight i in byte i mod
/// 32, at bit 2·(i / 32).
final class Crumbs {
  private Crumbs() {}

  static int get(byte[] b, int at, int i) {
    return b[at + 32 * (i >> 7) + (i & 31)] >> 2 * ((i >> 5) & 3) & 3;
  }

  /// Writes the low two bits of 256 `codes + bias` to 64 bytes.
  static void put(byte[] codes, int bias, byte[] b, int at) {
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < 32; l++) {
        int packed = 0;
        for (int k = 0; k < 4; k++) {
          packed |= (codes[128 * half + 32 * k + l] + bias & 3) << 2 * k;
        }
        b[at + 32 * half + l] = (byte) packed;
      }
    }
  }
}
