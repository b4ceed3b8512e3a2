package halftone.torch;

import halftone.evidence.GradientSource;
import halftone.evidence.GradientTap;
import halftone.evidence.Labels;
import halftone.model.Model;
import org.bytedeco.pytorch.global.torch;

/// Gradients by libtorch, in float32.
///
/// One forward pass keeps the residual stream before blocks, before all of them where memory
/// allows, else at about √blocks places; then stage by stage from the head, the streams in between
/// are run again and each block is differentiated alone. So the graph of one block and one batch,
/// the weights of one block, and those streams are in memory at a time, and the text passes through
/// the network three or four times.
///
/// @param threads for libtorch; the last digits of gradients depend on it
/// @param keptBytes of residual streams that may be kept for the sake of time
public record TorchGradients(int threads, long keptBytes) implements GradientSource {
  /// Keeps up to 640 MB of streams.
  public TorchGradients(int threads) {
    this(threads, 640L << 20);
  }

  /// @throws halftone.evidence.GradientsUnavailableException where libtorch does not load
  public void requireAvailable() {
    Libtorch.load();
  }

  @Override
  public void differentiate(
      Model model, int[][] chunks, Labels labels, long seed, GradientTap tap) {
    Libtorch.load();
    torch.set_num_threads(threads);
    try (Parameters parameters = new Parameters(model, Precision.FLOAT32);
        TorchEngine engine = new TorchEngine(model, parameters);
        BackwardPass pass = new BackwardPass(model, parameters, engine, tap)) {
      pass.run(chunks, new LabelledLoss(labels, seed), keptBytes);
    }
  }
}
