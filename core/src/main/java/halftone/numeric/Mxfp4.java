package halftone.numeric;

/// MXFP4 (OCP Microscaling v1.0): 32 E2M1 values; exponent e at 0, nibbles at 1; y = 2^(e − 128) · doubled E2M1.
final class Mxfp4 extends CodebookFormat {
  Mxfp4() {
    super("MXFP4", 32, 17, 32, E2M1);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    float max = Math.abs(Searches.signedMax(x, at, 32));
    int exponent = max > 0 ? Math.max(0, Math.getExponent(max) - 2 + 127) : 0;
    out[to] = (byte) exponent;
    float step = step(exponent);
    for (int i = 0; i < 32; i++) {
      setCode(out, to, i, nearest(x[at + i], step));
    }
  }

  /// The first code of those whose value is nearest.
  static int nearest(float x, float step) {
    int best = 0;
    float error = Math.abs(x);
    for (int code = 1; code < 16; code++) {
      float e = Math.abs(step * E2M1.value(code) - x);
      if (e < error) {
        error = e;
        best = code;
      }
    }
    return best;
  }

  /// 2^(e − 128); exact also below the normal range.
  private static float step(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x00200000 << exponent : exponent - 1 << 23);
  }

  @Override
  void steps(byte[] blocks, int from, float[] steps, int at, int stride) {
    steps[at] = step(Bits.u8(blocks, from));
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return Bits.nibble(blocks, from + 1, i);
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setNibble(blocks, from + 1, i, code);
  }
}
