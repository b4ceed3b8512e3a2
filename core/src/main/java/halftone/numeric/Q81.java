package halftone.numeric;

/// Q8_1: 32 activations in 36 bytes, as Q8_0 with s = d · Σq, which the min of Q4_1 and Q5_1
/// multiplies. d16 at 0, s16 at 2, signed bytes at 4. Format: ggml.
final class Q81 extends ActivationFormat {
  Q81() {
    super("Q8_1", 32, 36);
  }

  @Override
  void encodeBlock(float[] x, int at, byte[] block) {
    float d = Math.abs(Block.signedMax(x, at, 32)) / 127;
    float inverse = d != 0 ? 1 / d : 0;
    int sum = 0;
    for (int i = 0; i < 32; i++) {
      int code = Bits.nearestAway(x[at + i] * inverse);
      block[4 + i] = (byte) code;
      sum += code;
    }
    Bits.putHalf(block, 0, d);
    Bits.putHalf(block, 2, sum * d);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 0);
    for (int i = 0; i < 32; i++) {
      out[at + i] = d * b[4 + i];
    }
  }
}
