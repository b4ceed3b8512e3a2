package halftone.sensitivity;

import halftone.evidence.PerturbationCollector;
import halftone.method.Card;
import halftone.method.Need;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.RoundToNearest;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// TDMPQ: a block whose rounding errors move the loss more, by its first and second derivative,
/// needs more bits. Of every token c = ⟨∂L/∂y, ΔW x⟩, summed over the block's layers; the score is
/// the mean over sequences of Σ |c| + ½ c². The loss is that of the next token: of the divergence
/// from the network itself the derivative is zero.
///
/// @param secondOrder whether ½ c² counts, with the empirical Fisher information as Hessian
public record TaylorRanking(boolean secondOrder) implements BlockRanking {
  /// Reconstructed from the paper.
  public static final TaylorRanking STANDARD = new TaylorRanking(true);

  private static final WeightFormat FOUR_BITS = (WeightFormat) NumberFormats.named("Q4_0");

  @Override
  public Card card() {
    return new Card(
        "tdmpq",
        "blocks by the Taylor expansion of the loss",
        "arXiv 2412.03599",
        Set.of(Need.CALIBRATION_TEXT, Need.GRADIENTS));
  }

  @Override
  public String spelled() {
    return card().id() + (secondOrder ? "" : ":second=false");
  }

  @Override
  public double[] scores(BlockProbe probe) {
    Model model = probe.model();
    Map<Stage, PerturbationCollector.Change> changes = new HashMap<>();
    probe.differentiate(
        new PerturbationCollector(
            weight ->
                TensorKind.of(weight).inBlock() ? errors(model, weight, probe.workers()) : null,
            probe.workers(),
            (stage, change) -> {
              changes.put(stage, change);
              probe.done();
            }));
    return model.blocks().stream()
        .map(block -> Objects.requireNonNull(changes.get(block)))
        .mapToDouble(
            change ->
                (change.magnitudes() + (secondOrder ? change.squares() / 2 : 0))
                    / change.sequences())
        .toArray();
  }

  /// ΔW of nearest rounding to four bits under one scale for 32 weights; none where rows do not
  /// divide into these.
  private static float[] errors(Model model, String weight, Workers workers) {
    Tensor tensor = Objects.requireNonNull(model.tensors().get(weight));
    int rows = Math.toIntExact(tensor.shape().rows());
    float[] errors = new float[Math.toIntExact(tensor.shape().elements())];
    if (FOUR_BITS.layout().divides(tensor.shape().columns())) {
      Tensor rounded =
          new RoundToNearest().quantize(weight, tensor, FOUR_BITS, LayerInputs.of(null), workers);
      float[] original = new float[errors.length];
      tensor.rows(0, rows, original, 0);
      rounded.rows(0, rows, errors, 0);
      for (int i = 0; i < errors.length; i++) {
        errors[i] -= original[i];
      }
    }
    return errors;
  }
}
