package halftone.torch;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Losses of logits, as scalars to be differentiated.
public final class Losses {
  /// libtorch's mark of a row without a label.
  private static final int IGNORED = -100;

  private static final int SUM = 2;

  private Losses() {}

  /// Mean over a batch of −log p(next token), in nats; a sequence's last token has no next.
  ///
  /// @param logits rows × vocabulary
  /// @throws IllegalArgumentException when sequences have one token
  public static Tensor nextToken(Tensor logits, Batch batch) {
    long counted = (long) batch.sequences() * (batch.length() - 1);
    if (counted == 0) {
      throw new IllegalArgumentException("a sequence of one token has no next token");
    }
    return torch
        .cross_entropy_loss(
            logits, Tensor.create(nextTokens(batch)), new TensorOptional(), SUM, IGNORED, 0)
        .div(new org.bytedeco.pytorch.Scalar(counted));
  }

  /// Σ over rows of −log p(label), in nats.
  ///
  /// @param labels one a row, of integers
  public static Tensor sumOf(Tensor logits, Tensor labels) {
    return torch.cross_entropy_loss(logits, labels, new TensorOptional(), SUM, IGNORED, 0);
  }

  /// The next token of every row, and the mark for none in the last of each sequence.
  static long[] nextTokens(Batch batch) {
    int length = batch.length();
    return Arrays.stream(batch.tokens())
        .flatMapToInt(
            tokens -> IntStream.range(0, length).map(t -> t + 1 < length ? tokens[t + 1] : IGNORED))
        .asLongStream()
        .toArray();
  }
}
