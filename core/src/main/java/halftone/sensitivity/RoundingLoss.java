package halftone.sensitivity;

import halftone.evidence.InputMoments;
import halftone.numeric.WeightFormat;
import halftone.quantizer.FormatEncoder;
import halftone.quantizer.LayerInputs;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import org.jspecify.annotations.Nullable;

/// What a metric says of the real rounding error a format's encoder leaves in a tensor, measured on
/// a sample of rows.
public record RoundingLoss(SensitivityMetric metric, int sampledRows) {
  /// The tensor's loss in `format`: the sample's, scaled to all rows.
  ///
  /// @param importance what the encoder is given, or null
  /// @param inputs moments of the layer's inputs, or null for a tensor that no linear layer reads
  public double measure(
      Tensor tensor,
      WeightFormat format,
      float @Nullable [] importance,
      @Nullable InputMoments inputs,
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
    return sample.scale() * metric.loss(errors, rows, columns, inputs, workers);
  }
}
