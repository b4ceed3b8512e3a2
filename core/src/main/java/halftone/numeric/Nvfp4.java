package halftone.numeric;

/// NVFP4: 64 E2M1 values in 4 groups; unsigned E4M3 scales at 0, nibbles at 4; y = ½ · scale · doubled E2M1. The
/// format's per-tensor scale is a tensor of its own, not part of the block.
final class Nvfp4 extends CodebookFormat {
  Nvfp4() {
    super("NVFP4", 64, 36, 16, E2M1);
  }

  @Override
  void encode(float[] x, int at, byte[] out, int to, Scratch scratch) {
    for (int g = 0; g < 4; g++) {
      int from = at + 16 * g;
      int scale = toE4m3(Math.abs(Searches.signedMax(x, from, 16)) / 6);
      out[to + g] = (byte) scale;
      float step = fromE4m3(scale) / 2;
      for (int i = 0; i < 16; i++) {
        setCode(out, to, 16 * g + i, Mxfp4.nearest(x[from + i], step));
      }
    }
  }

  static float fromE4m3(int bits) {
    int exponent = bits >> 3;
    int mantissa = bits & 7;
    if (bits == 0x7F) {
      return 0;
    }
    return exponent == 0
        ? mantissa * 0x1p-9f
        : Math.scalb(1 + mantissa / 8f, exponent - 7);
  }

  /// Rounds the mantissa half up on the dropped bit; 256 and more saturate.
  static int toE4m3(float v) {
    if (!(v > 0)) {
      return 0;
    }
    int exponent = Math.getExponent(v) + 7;
    if (exponent <= 0) {
      return (int) (v * 0x1p9f + 0.5f);
    }
    if (exponent >= 15) {
      return 0x7E;
    }
    int bits = Float.floatToRawIntBits(v);
    int mantissa = (bits >> 20 & 7) + (bits >> 19 & 1);
    int rounded = (exponent << 3) + mantissa;
    return rounded >= 15 << 3 ? 0x7E : rounded;
  }

  @Override
  void steps(byte[] blocks, int from, float[] steps, int at, int stride) {
    for (int g = 0; g < 4; g++) {
      steps[at + g * stride] = fromE4m3(Bits.u8(blocks, from + g)) / 2;
    }
  }

  @Override
  public int code(byte[] blocks, int from, int i) {
    return (blocks[from + 4 + 8 * (i >> 4) + (i & 7)] >> ((i & 15) < 8 ? 0 : 4)) & 15;
  }

  @Override
  public void setCode(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 4 + 8 * (i >> 4) + (i & 7), (i & 15) < 8 ? 0 : 4, 15, code);
  }
}
