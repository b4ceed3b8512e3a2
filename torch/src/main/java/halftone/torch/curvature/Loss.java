package halftone.torch.curvature;

import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/// A loss over some batches as a function of parameters. Networks are in the mode they are used in:
/// no dropout, fixed statistics.
public interface Loss {
  /// Leaves that require gradients, by name. A parameter used twice stands here once.
  SequencedMap<String, Tensor> parameters();

  /// Number of batches.
  int batches();

  /// Builds the graph of one batch's loss in the pointer scope around the call.
  BatchLoss batch(int index);
}
