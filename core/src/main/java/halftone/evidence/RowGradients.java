package halftone.evidence;

import halftone.tensor.Weight;

/// Gradients g_n of some rows of a weight, one for each calibration sample n: those of the mean
/// over the sample's labelled tokens of −log p(next token), in nats.
///
/// @param samples number of samples
/// @param rows rows of the weight that were gathered
/// @param values samples · rows rows of as many columns as the weight has, sample after sample
public record RowGradients(int samples, int rows, Weight values) {
  public RowGradients {
    if (values.shape().rows() != (long) samples * rows) {
      throw new IllegalArgumentException(
          "gradients of %d samples on %d rows are not %s".formatted(samples, rows, values.shape()));
    }
  }
}
