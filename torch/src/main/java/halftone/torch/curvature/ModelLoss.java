package halftone.torch.curvature;

import halftone.torch.Batch;
import halftone.torch.LinearTap;
import halftone.torch.Losses;
import halftone.torch.Parameters;
import halftone.torch.TorchEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;

/// The next-token loss of a network on some batches as a function of some of its tensors.
public final class ModelLoss implements Loss {
  private final TorchEngine engine;
  private final List<Batch> batches;
  private final SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();

  /// @param parameters of the engine; made to require gradients for `names` and nothing else
  /// @param names tensors that curvature is asked of
  public ModelLoss(
      TorchEngine engine, Parameters parameters, List<String> names, List<Batch> batches) {
    this.engine = engine;
    this.batches = List.copyOf(batches);
    parameters.requireGradients(names);
    names.forEach(name -> leaves.put(name, parameters.get(name)));
  }

  @Override
  public SequencedMap<String, Tensor> parameters() {
    return leaves;
  }

  @Override
  public int batches() {
    return batches.size();
  }

  @Override
  public BatchLoss batch(int index) {
    Batch batch = batches.get(index);
    Tensor logits = engine.logits(batch, LinearTap.NONE);
    long samples = (long) batch.sequences() * (batch.length() - 1);
    return new BatchLoss(
        Losses.nextToken(logits, batch), samples, BatchLoss.Reduction.MEAN, logits);
  }
}
