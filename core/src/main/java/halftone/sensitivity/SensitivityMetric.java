package halftone.sensitivity;

import halftone.evidence.LayerEvidence;
import halftone.method.Method;
import halftone.workers.Workers;

/// The loss that rounding errors of a linear layer's weight stand for. Scores of one metric may be
/// compared and added, scores of two may not.
public interface SensitivityMetric extends Method {
  /// Loss of the errors e = ŵ − w of `rows` rows of `columns` weights, row-major.
  ///
  /// @param layer what is known of the layer, with what the metric needs
  double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers);
}
