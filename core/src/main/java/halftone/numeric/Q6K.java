package halftone.numeric;

import java.util.Arrays;

/// Q6_K: 256 weights in 210 bytes, weight = d · scale · (q − 32), q of six bits. Of each 128
/// weights: low four bits in 64 bytes at 0 (weights 0–63 in the low halves), high two bits in 32
/// bytes at 128; sixteen signed scales at 192, d16 at 208. Format: ggml, pull request 1684.
final class Q6K extends SymmetricSuperBlock {
  Q6K() {
    super("Q6_K", 210, 32);
  }

  @Override
  void fitAll(Block[] blocks) {
    for (Block b : blocks) {
      if (b.weighted) {
        System.arraycopy(b.importance, 0, b.w, 0, 256);
      } else {
        b.weighBySquare(0, 256);
      }
    }
    search(blocks);
    super.fitAll(blocks);
  }

  @Override
  void fitBlock(Block b) {
    float max = Block.signedMax(b.scales, 0, 16);
    if (Math.abs(max) < SymmetricSearch.TINY) {
      zero(b);
      return;
    }
    float inverse = -128 / max;
    for (int g = 0; g < 16; g++) {
      b.scaleCodes[g] = (byte) Math.min(127, Bits.nearest(inverse * b.scales[g]));
    }
    System.arraycopy(b.scaleCodes, 0, b.image, b.at + 192, 16);
    requantize(b, b.putHalf(208, 1 / inverse), true);
  }

  /// A block without a scale is stored as zero bytes, whose codes are −32.
  private static void zero(Block b) {
    Arrays.fill(b.codes, (byte) -32);
    Arrays.fill(b.step, 0);
    Arrays.fill(b.image, b.at + 192, b.at + 210, (byte) 0);
  }

  @Override
  void decodeBlock(byte[] b, float[] out, int at) {
    float d = Bits.half(b, 208);
    for (int run = 0; run < 8; run++) { // 32 weights each
      int low = 64 * (run >> 2) + 32 * (run & 1);
      int high = 128 + 32 * (run >> 2);
      int lowShift = 2 * (run & 2);
      int highShift = 2 * (run & 3);
      for (int l = 0; l < 32; l++) {
        int q = b[low + l] >> lowShift & 15 | (b[high + l] >> highShift & 3) << 4;
        out[at + 32 * run + l] = d * b[192 + 2 * run + (l >> 4)] * (q - 32);
      }
    }
  }

  @Override
  void packCodes(byte[] codes, byte[] image, int at) {
    for (int half = 0; half < 2; half++) {
      Nibbles.put(codes, 128 * half, 32, image, at + 64 * half, 64);
      for (int l = 0; l < 32; l++) {
        int high = 0;
        for (int k = 0; k < 4; k++) {
          high |= (codes[128 * half + 32 * k + l] + 32 >> 4) << 2 * k;
        }
        image[at + 128 + 32 * half + l] = (byte) high;
      }
    }
  }
}
