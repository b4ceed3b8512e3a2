package halftone.torch.curvature;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/// A loss as a function of one block of its parameters: curvature of it is the block H_ll, products
/// with which are less noisy than the block's slice of products with all of H.
///
/// @param block the parameter's name
public record BlockLoss(Loss whole, String block) implements Loss {
  public BlockLoss {
    if (!whole.parameters().containsKey(block)) {
      throw new IllegalArgumentException("the loss has no parameter " + block);
    }
  }

  @Override
  public SequencedMap<String, Tensor> parameters() {
    SequencedMap<String, Tensor> one = new LinkedHashMap<>();
    one.put(block, java.util.Objects.requireNonNull(whole.parameters().get(block)));
    return one;
  }

  @Override
  public int batches() {
    return whole.batches();
  }

  @Override
  public BatchLoss batch(int index) {
    return whole.batch(index);
  }
}
