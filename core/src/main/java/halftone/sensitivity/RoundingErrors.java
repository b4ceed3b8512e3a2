package halftone.sensitivity;

import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import org.jspecify.annotations.Nullable;

/// The real errors e = ŵ − w that a format's encoder leaves in a sample of a tensor's rows,
/// row-major.
public record RoundingErrors(RowSample sample, float[] values) {
  /// @param importance what the encoder is given, or null
  public static RoundingErrors of(
      Tensor tensor,
      WeightFormat format,
      float @Nullable [] importance,
      int sampledRows,
      Workers workers) {
    RowSample sample = RowSample.of(tensor, sampledRows);
    int rows = Math.toIntExact(sample.shape().rows());
    int columns = sample.shape().columns();
    LayerInputs known = LayerInputs.of(importance);
    Tensor coded = new FormatEncoder().quantize(tensor.name(), sample, format, known, workers);
    float[] errors = new float[rows * columns];
    float[] original = new float[rows * columns];
    coded.rows(0, rows, errors, 0);
    sample.rows(0, rows, original, 0);
    for (int i = 0; i < errors.length; i++) {
      errors[i] -= original[i];
    }
    return new RoundingErrors(sample, errors);
  }

  int rows() {
    return Math.toIntExact(sample.shape().rows());
  }

  int columns() {
    return sample.shape().columns();
  }
}
