package halftone.sensitivity;

import halftone.evidence.LayerEvidence;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import org.jspecify.annotations.Nullable;

/// What a metric says of the real rounding error a format's encoder leaves in a tensor, measured on
/// a sample of rows.
public record RoundingLoss(SensitivityMetric metric, int sampledRows) {
  /// The tensor's loss in `format`: the sample's, scaled to all rows.
  ///
  /// @param importance what the encoder is given, or null
  /// @param layer what is known of the layer, or nothing for a tensor that no linear layer reads
  public double measure(
      Tensor tensor,
      WeightFormat format,
      float @Nullable [] importance,
      LayerEvidence layer,
      Workers workers) {
    return of(RoundingErrors.of(tensor, format, importance, sampledRows, workers), layer, workers);
  }

  /// The same for errors that are known: several metrics may share them.
  public double of(RoundingErrors errors, LayerEvidence layer, Workers workers) {
    LayerEvidence part = layer.sampled(errors.sample()::row, errors.rows());
    return errors.sample().scale()
        * metric.loss(errors.values(), errors.rows(), errors.columns(), part, workers);
  }
}
