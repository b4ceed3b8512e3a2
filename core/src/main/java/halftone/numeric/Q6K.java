package halftone.numeric;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Q6_K: 256 weights in 210 bytes, weight = d · scale · (q − 32), q of six bits. Of each 128
/// weights: low four bits in 64 bytes at 0 (weights 0–63 in the low halves), high two bits in 32
/// bytes at 128; sixteen signed scales at 192, d16 at 208. Format: ggml, pull request 1684.
final class Q6K extends SymmetricSuperBlock {
  private static final DirectBlock KIND = DirectBlock.Q6_K;

  private static final VarHandle BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The low four bits of every byte, and its lowest two.
  private static final long LOW = 0x0F0F0F0F0F0F0F0FL;

  private static final long HIGH = 0x0303030303030303L;

  Q6K() {
    super(KIND.name(), KIND.bytes(), KIND.limit());
  }

  @Override
  DirectBlock direct() {
    return KIND;
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
    if (Math.abs(max) < ScaleTrials.TINY) {
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
      for (int l = 0; l < 32; l += Long.BYTES) {
        int from = 128 * half + l;
        long a = unsigned(codes, from);
        long b = unsigned(codes, from + 32);
        long c = unsigned(codes, from + 64);
        long d = unsigned(codes, from + 96);
        int low = at + 64 * half + l;
        BYTES.set(image, low, a & LOW | (c & LOW) << 4);
        BYTES.set(image, low + 32, b & LOW | (d & LOW) << 4);
        long high = a >>> 4 & HIGH | b >>> 2 & HIGH << 2 | c & HIGH << 4 | (d & HIGH << 4) << 2;
        BYTES.set(image, at + 128 + 32 * half + l, high);
      }
    }
  }

  /// Eight codes, one a byte: adding 32 to a number of six bits turns its sign bit over.
  private static long unsigned(byte[] codes, int at) {
    return ((long) BYTES.get(codes, at) & 0x3F3F3F3F3F3F3F3FL) ^ 0x2020202020202020L;
  }
}
