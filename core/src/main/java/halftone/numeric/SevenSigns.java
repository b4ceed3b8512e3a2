package halftone.numeric;

/// The 32-bit word of IQ2_XXS and IQ3_XXS for 32 weights: four times seven signs from bit 0, and a
/// scale code at bit 28. The eighth sign of each eight makes the number of minus signs even.
final class SevenSigns {
  private SevenSigns() {}

  /// Takes the word of the `ib`-th 32 weights of a block apart.
  static void read(int word, GridCodes codes, int block, int ib) {
    codes.scales()[8 * block + ib] = (byte) (word >>> 28);
    for (int k = 0; k < 4; k++) {
      codes.signs()[32 * block + 4 * ib + k] = withEighth(word >> 7 * k);
    }
  }

  /// Puts the word of the `ib`-th 32 weights of a block together.
  static int word(GridCodes codes, int block, int ib) {
    int word = codes.scales()[8 * block + ib] << 28;
    for (int k = 0; k < 4; k++) {
      word |= (codes.signs()[32 * block + 4 * ib + k] & 127) << 7 * k;
    }
    return word;
  }

  /// The low seven bits of `signs` and the eighth that makes them even.
  static byte withEighth(int signs) {
    int seven = signs & 127;
    return (byte) (seven | (Integer.bitCount(seven) & 1) << 7);
  }
}
