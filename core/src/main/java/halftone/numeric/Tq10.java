package halftone.numeric;

/// TQ1_0: 256 ternary weights in 54 bytes, five to a byte: the byte is the fraction 0.ttttt₃ · 256,
/// rounded up, so that multiplying by three brings the next digit above the byte. 32 bytes hold
/// weights 0–159, 16 bytes 160–239, 4 bytes of four digits 240–255; d16 at 52. Format: ggml.
final class Tq10 extends TernaryFormat {
  private static final int[] POWERS = {1, 3, 9, 27, 81};

  Tq10() {
    super("TQ1_0", 54);
  }

  @Override
  int digit(byte[] block, int i) {
    if (i < 160) {
      return digit(block[i & 31], i >> 5);
    }
    if (i < 240) {
      return digit(block[32 + (i - 160 & 15)], i - 160 >> 4);
    }
    return digit(block[48 + (i - 240 & 3)], i - 240 >> 2);
  }

  private static int digit(byte packed, int k) {
    int shifted = packed * POWERS[k] & 0xff;
    return 3 * shifted >> 8;
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    packRun(codes, 0, 32, 5, image, at);
    packRun(codes, 160, 16, 5, image, at + 32);
    packRun(codes, 240, 4, 4, image, at + 48);
  }

  /// `width` bytes of `digits` digits each, the first the most significant of five.
  private static void packRun(byte[] codes, int from, int width, int digits, byte[] image, int at) {
    for (int j = 0; j < width; j++) {
      int value = 0;
      for (int k = 0; k < 5; k++) {
        value = 3 * value + (k < digits ? codes[from + k * width + j] + 1 : 0);
      }
      image[at + j] = (byte) ((value * 256 + 242) / 243);
    }
  }
}
