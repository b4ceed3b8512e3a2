package halftone.torch.curvature;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The loss of one batch, with its graph.
///
/// @param value a scalar
/// @param samples what it is the mean or the sum over
/// @param outputs the network's outputs that the loss is a function of, which Gauss–Newton products
///   need; else null
public record BatchLoss(Tensor value, long samples, Reduction reduction, @Nullable Tensor outputs) {
  /// How samples make up a batch's loss.
  public enum Reduction {
    MEAN,
    SUM
  }

  /// @throws IllegalArgumentException for an empty batch, or a loss that is no scalar or no number
  public BatchLoss {
    if (samples < 1) {
      throw new IllegalArgumentException("the loss of a batch of no samples");
    }
    if (value.numel() != 1) {
      throw new IllegalArgumentException("a loss of " + value.numel() + " numbers is no scalar");
    }
    if (!Double.isFinite(value.item_double())) {
      throw new IllegalArgumentException(
          "the loss is " + value.item_double() + ": it has no curvature");
    }
  }

  /// What the batch's derivatives count in the mean over all samples of all batches.
  double weight() {
    return reduction == Reduction.MEAN ? samples : 1;
  }
}
