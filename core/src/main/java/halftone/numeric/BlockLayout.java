package halftone.numeric;

/// How a number format cuts a row: every `weights` consecutive elements become `bytes` bytes.
///
/// Example: Q4_K stores 256 weights in 144 bytes, 4.5 bits a weight.
public record BlockLayout(int weights, int bytes) {
  public BlockLayout {
    if (weights <= 0 || bytes <= 0) {
      throw new IllegalArgumentException(
          "a block needs weights and bytes, not " + weights + " and " + bytes);
    }
  }

  public double bitsPerWeight() {
    return 8.0 * bytes / weights;
  }

  /// Whether a row of `columns` weights is a whole number of blocks.
  public boolean divides(long columns) {
    return columns % weights == 0;
  }

  /// Bytes of `elements` weights, which must be a whole number of blocks.
  public long bytesOf(long elements) {
    if (!divides(elements)) {
      throw new IllegalArgumentException(
          elements + " weights are not a whole number of blocks of " + weights);
    }
    return Math.multiplyExact(elements / weights, (long) bytes);
  }
}
