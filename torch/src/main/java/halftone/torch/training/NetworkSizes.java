package halftone.torch.training;

/// The sizes of a Llama-like network with a tied embedding.
///
/// Example, the built-in model: width 256, 5 blocks, 4 heads of 64 over 2 key-value heads,
/// feed-forward 768, vocabulary 4096, context 512: 4,983,552 parameters.
///
/// @param width length of the residual stream
/// @param context tokens of a training row, and the longest text the file promises to take
public record NetworkSizes(
    int width,
    int blocks,
    int heads,
    int keyValueHeads,
    int feedForward,
    int vocabulary,
    int context) {
  /// @throws IllegalArgumentException when a size is not positive or does not divide what it must
  public NetworkSizes {
    int[] sizes = {width, blocks, heads, keyValueHeads, feedForward, vocabulary, context};
    for (int size : sizes) {
      require(size > 0, "every size of a network must be positive");
    }
    require(
        width % (2 * heads) == 0,
        "%d heads must divide a width of %d into even parts",
        heads,
        width);
    require(
        heads % keyValueHeads == 0,
        "%d key-value heads must divide %d heads",
        keyValueHeads,
        heads);
    require(context > 1, "a context of %d holds no next token", context);
  }

  private static void require(boolean holds, String message, Object... sizes) {
    if (!holds) {
      throw new IllegalArgumentException(message.formatted(sizes));
    }
  }

  /// Values of one head.
  public int headSize() {
    return width / heads;
  }

  /// Weights in all.
  public long parameters() {
    long attention = 2L * width * width + 2L * width * keyValueHeads * headSize();
    long block = attention + 3L * width * feedForward + 2L * width;
    return (long) vocabulary * width + blocks * block + width;
  }
}
