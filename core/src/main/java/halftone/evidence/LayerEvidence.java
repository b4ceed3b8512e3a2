package halftone.evidence;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the calibration text says about one linear layer; null where it was not asked.
///
/// @param inputs moments of its inputs
/// @param outputs moments of gradients by its outputs
/// @param gradients of its weight
public record LayerEvidence(
    @Nullable InputMoments inputs,
    @Nullable OutputMoments outputs,
    @Nullable RowGradients gradients) {
  /// Of a tensor that no linear layer reads.
  public static final LayerEvidence NONE = new LayerEvidence(null, null, null);

  public static LayerEvidence of(@Nullable InputMoments inputs) {
    return new LayerEvidence(inputs, null, null);
  }

  /// For some of the layer's outputs; see [OutputMoments#sampled]. Gradients of rows were gathered
  /// for these alone and stay.
  public LayerEvidence sampled(IntUnaryOperator chosen, int count) {
    return outputs == null
        ? this
        : new LayerEvidence(inputs, outputs.sampled(chosen, count), gradients);
  }

  /// @throws IllegalStateException naming the metric when they were not gathered
  public InputMoments requireInputs(String metric) {
    return required(inputs, metric, "moments of the layer's inputs");
  }

  /// @throws IllegalStateException naming the metric when they were not gathered
  public OutputMoments requireOutputs(String metric) {
    return required(outputs, metric, "moments of gradients by the layer's outputs");
  }

  /// @throws IllegalStateException naming the metric when they were not gathered
  public RowGradients requireGradients(String metric) {
    return required(gradients, metric, "gradients of the layer's weight");
  }

  private static <T> T required(@Nullable T part, String metric, String name) {
    if (part == null) {
      throw new IllegalStateException(metric + " needs " + name + ", which were not gathered");
    }
    return part;
  }
}
