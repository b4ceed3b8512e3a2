package halftone.numeric;

/// What the K-quants share: 256-weight blocks with scales of scales.
final class KQuants {
  private KQuants() {}

  /// Σx² of a block.
  static float energy(float[] x, int at) {
    float sum = 0;
    for (int i = 0; i < 256; i++) {
      sum += x[at + i] * x[at + i];
    }
    return sum;
  }

  /// Weights of a group: w = v · √(energy + x²), their sum in `scratch.groupWeights[g]`.
  static void weigh(
      float[] x, int at, float[] v, int j, int n, float energy, Scratch scratch, int g) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
      float w = v[j + i] * (float) Math.sqrt(energy + x[at + i] * x[at + i]);
      scratch.weights[i] = w;
      sum += w;
    }
    scratch.groupWeights[g] = sum;
  }

  /// Element i of two-bit codes in 64 bytes: 32 bytes for each half, four bit planes in a byte.
  static int twoBits(byte[] blocks, int from, int i) {
    return (blocks[from + 32 * (i >> 7) + (i & 31)] >> 2 * ((i >> 5) & 3)) & 3;
  }

  static void setTwoBits(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 32 * (i >> 7) + (i & 31), 2 * ((i >> 5) & 3), 3, code);
  }

  /// Element i of four-bit codes in 128 bytes: 32 bytes for 64 elements, low nibbles first.
  static int fourBits(byte[] blocks, int from, int i) {
    return (blocks[from + 32 * (i >> 6) + (i & 31)] >> 4 * ((i >> 5) & 1)) & 15;
  }

  static void setFourBits(byte[] blocks, int from, int i, int code) {
    Bits.setField(blocks, from + 32 * (i >> 6) + (i & 31), 4 * ((i >> 5) & 1), 15, code);
  }

  /// Scale j of the eight six-bit scales and minima in the twelve bytes at `from` (Q4_K, Q5_K).
  static int scale(byte[] blocks, int from, int j) {
    return j < 4
        ? blocks[from + j] & 63
        : (blocks[from + j + 4] & 15) | (blocks[from + j - 4] & 0xC0) >> 2;
  }

  static int min(byte[] blocks, int from, int j) {
    return j < 4
        ? blocks[from + j + 4] & 63
        : ((blocks[from + j + 4] >> 4) & 15) | (blocks[from + j] & 0xC0) >> 2;
  }

  /// Writes scale and minimum j into twelve bytes that were zero.
  static void putScaleAndMin(byte[] blocks, int from, int j, int scale, int min) {
    if (j < 4) {
      blocks[from + j] |= (byte) scale;
      blocks[from + j + 4] |= (byte) min;
    } else {
      blocks[from + j + 4] = (byte) ((scale & 15) | (min & 15) << 4);
      blocks[from + j - 4] |= (byte) (scale >> 4 << 6);
      blocks[from + j] |= (byte) (min >> 4 << 6);
    }
  }
}
