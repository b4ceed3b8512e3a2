package halftone.torch;

import halftone.evidence.Labels;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Σ −log p(label) of some rows of logits, with labels from the text or drawn from the logits
/// themselves.
///
/// @param seed of draws: each row's depends on it and the row's number in the text alone
record LabelledLoss(Labels labels, long seed) {
  /// @param next the next token of every row, negative for none
  /// @param firstRow number of the first row in the whole text
  Tensor of(Tensor logits, long[] next, long firstRow) {
    return switch (labels) {
      case NEXT_TOKEN -> Losses.sumOf(logits, Tensor.create(next));
      case SAMPLED -> Losses.sumOf(logits, drawn(logits.detach(), firstRow));
    };
  }

  /// The token at which the cumulated probability passes a uniform number; summed in float64, since
  /// fifty thousand small numbers lose digits in float32.
  private Tensor drawn(Tensor logits, long firstRow) {
    Tensor cumulated =
        torch.cumsum(torch.softmax(logits, 1), 1, new ScalarTypeOptional(ScalarType.Double));
    double[] uniform = new double[Math.toIntExact(logits.size(0))];
    for (int row = 0; row < uniform.length; row++) {
      uniform[row] =
          new SplittableRandom(seed ^ (firstRow + row) * 0x9E3779B97F4A7C15L).nextDouble();
    }
    Tensor labels = torch.searchsorted(cumulated, Tensor.create(uniform).unsqueeze(1)).squeeze(1);
    return labels.clamp_max(new org.bytedeco.pytorch.Scalar(logits.size(1) - 1));
  }
}
