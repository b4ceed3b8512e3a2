package halftone.quantizer;

import org.jspecify.annotations.Nullable;

/// What is known about the inputs x of a linear layer with `n` inputs when its weight is quantized.
///
/// @param importance mean square of each input, length n, or null
/// @param factor factorization of the damped Gram matrix of the inputs, or null
/// @param shift n × n, row-major, or null: the weight w is to be aimed at w + w·shift, because its
///   inputs are no longer those it was trained on ([InputShift])
public record LayerInputs(
    float @Nullable [] importance, @Nullable LdlFactor factor, float @Nullable [] shift) {
  public static final LayerInputs UNKNOWN = new LayerInputs(null, null, null);

  public static LayerInputs of(float @Nullable [] importance) {
    return new LayerInputs(importance, null, null);
  }
}
