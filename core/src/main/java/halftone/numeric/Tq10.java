package halftone.numeric;

/// TQ1_0: five ternary digits a byte (48 bytes at 0), four in each of the last four (at 48), d at 52; y = d · (digit − 1).
///
/// A byte holds the base-3 number v of its digits, most significant first, as ⌈v · 256 / 243⌉: multiplying by 3ᵏ modulo
/// 256 brings digit k to the top.
final class Tq10 extends AffineFormat {
  private static final int[] POWERS = {1, 3, 9, 27, 81};

  Tq10() {
    super("TQ1_0", 256, 54, 256, 2, 1);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    encodeTernary(this, x, at, out, to, 52);
  }

  static void encodeTernary(AffineFormat format, float[] x, int at, byte[] out, int to, int scaleAt) {
    float d = Math.abs(Searches.signedMax(x, at, 256));
    float inverse = d != 0 ? 1 / d : 0;
    Bits.putHalf(out, to + scaleAt, d);
    for (int i = 0; i < 256; i++) {
      format.setCode(out, to, i, Bits.roundAway(x[at + i] * inverse) + 1);
    }
  }

  @Override
  void grid(byte[] blocks, int from, float[] steps, float[] offsets, int at, int stride) {
    steps[at] = Bits.half(blocks, from + 52);
    offsets[at] = -0f;
  }

  private static int byteOf(int i) {
    return i < 160 ? i & 31 : i < 240 ? 32 + (i & 15) : 48 + (i & 3);
  }

  private static int digitOf(int i) {
    return i < 160 ? i >> 5 : i < 240 ? (i - 160) >> 4 : (i - 240) >> 2;
  }

  private static int digit(int packed, int k) {
    return (((packed * POWERS[k]) & 0xFF) * 3) >> 8;
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return digit(Bits.u8(blocks, from + byteOf(i)), digitOf(i));
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    int at = from + byteOf(i);
    int packed = Bits.u8(blocks, at);
    int number = 0;
    for (int k = 0; k < 5; k++) {
      int digit = k == digitOf(i) ? code : digit(packed, k);
      number = number * 3 + (k == 4 && i >= 240 ? 0 : digit);
    }
    blocks[at] = (byte) ((number * 256 + 242) / 243);
  }
}
