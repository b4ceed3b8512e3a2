package halftone.quantizer;

import halftone.evidence.InputMoments;
import halftone.evidence.RowGradients;
import org.jspecify.annotations.Nullable;

/// What a [PartsQuantizer] may know of a layer with n inputs; null where it was not gathered.
///
/// @param inputs moments of the inputs, the Gram matrix among them
/// @param factor of the damped Gram matrix
/// @param sample inputs of some tokens, tokens × n, row-major
/// @param gradients of all rows of the weight, sample by sample
/// @param spikeRatio of the inputs, see [halftone.evidence.SpikeRatios]; NaN where it was not
///   gathered
public record LayerKnowledge(
    @Nullable InputMoments inputs,
    @Nullable LdlFactor factor,
    float @Nullable [] sample,
    @Nullable RowGradients gradients,
    double spikeRatio) {
  public static final LayerKnowledge NONE = new LayerKnowledge(null, null, null, null);

  /// Without a spike ratio.
  public LayerKnowledge(
      @Nullable InputMoments inputs,
      @Nullable LdlFactor factor,
      float @Nullable [] sample,
      @Nullable RowGradients gradients) {
    this(inputs, factor, sample, gradients, Double.NaN);
  }

  /// @throws IllegalArgumentException naming method and weight when it was not gathered
  LdlFactor requireFactor(String method, String weight) {
    return required(factor, method, "the Gram matrix of the inputs", weight);
  }

  /// @throws IllegalArgumentException naming method and weight when they were not gathered
  public InputMoments requireInputs(String method, String weight) {
    return required(inputs, method, "the Gram matrix of the inputs", weight);
  }

  /// @throws IllegalArgumentException naming method and weight when it was not gathered
  float[] requireGram(String method, String weight) {
    return requireInputs(method, weight).requireGram();
  }

  /// @throws IllegalArgumentException naming method and weight when it was not gathered
  float[] requireSample(String method, String weight) {
    return required(sample, method, "a sample of the inputs", weight);
  }

  /// @throws IllegalArgumentException naming method and weight when they were not gathered
  RowGradients requireGradients(String method, String weight) {
    return required(gradients, method, "gradients", weight);
  }

  /// @throws IllegalArgumentException naming method and weight when it was not gathered
  double requireSpikeRatio(String method, String weight) {
    Double known = Double.isNaN(spikeRatio) ? null : spikeRatio;
    return required(known, method, "the spike ratio of the inputs", weight);
  }

  private static <T> T required(@Nullable T part, String method, String what, String weight) {
    if (part == null) {
      throw new IllegalArgumentException("%s needs %s of %s".formatted(method, what, weight));
    }
    return part;
  }
}
