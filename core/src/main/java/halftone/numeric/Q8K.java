package halftone.numeric;

import java.util.Arrays;

/// Q8_K: 256 activations in 292 bytes, value = d · q with a 32-bit d. d at 0, signed bytes at 4,
/// sums of 16 codes at 260, which the mins of the K formats multiply. Format: ggml.
final class Q8K extends ActivationFormat {
  Q8K() {
    super("Q8_K", 256, 292);
  }

  @Override
  void encodeBlock(float[] x, int at, byte[] block) {
    float max = Block.signedMax(x, at, 256);
    if (max == 0) {
      Arrays.fill(block, (byte) 0);
      return;
    }
    float inverse = -127 / max;
    for (int g = 0; g < 16; g++) {
      int sum = 0;
      for (int i = 16 * g; i < 16 * (g + 1); i++) {
        int code = Math.min(127, Bits.nearest(inverse * x[at + i]));
        block[4 + i] = (byte) code;
        sum += code;
      }
      Bits.putU16(block, 260 + 2 * g, sum);
    }
    Bits.putI32(block, 0, Float.floatToRawIntBits(1 / inverse));
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Float.intBitsToFloat(Bits.i32(b, 0));
    for (int i = 0; i < 256; i++) {
      out[at + i] = d * b[4 + i];
    }
  }
}
