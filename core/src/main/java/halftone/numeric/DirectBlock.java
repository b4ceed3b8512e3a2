package halftone.numeric;

/// Formats whose blocks can be written straight from the weights when no importance is given,
/// without codes that could still be moved.
public enum DirectBlock {
  /// 32 codes from −8 to 7 in nibbles; the largest weight decides the scale.
  Q4_0(32, 18, 8),

  /// 32 codes from −16 to 15 in nibbles and fifth bits; the largest weight decides the scale.
  Q5_0(32, 22, 16),

  /// 32 codes from −127 to 127 in bytes; the largest weight decides the scale.
  Q8_0(32, 34, 127),

  /// 256 codes from −32 to 31, scales of sixteen searched under squares of the weights.
  Q6_K(256, 210, 32);

  private final int weights;
  private final int bytes;
  private final int limit;

  DirectBlock(int weights, int bytes, int limit) {
    this.weights = weights;
    this.bytes = bytes;
    this.limit = limit;
  }

  /// Weights of a block.
  public int weights() {
    return weights;
  }

  /// Bytes of a block.
  public int bytes() {
    return bytes;
  }

  /// The largest magnitude of a code.
  public int limit() {
    return limit;
  }
}
