package halftone.sensitivity;

import halftone.evidence.InputMoments;
import halftone.method.Method;
import halftone.workers.Workers;
import org.jspecify.annotations.Nullable;

/// The loss that rounding errors of a linear layer's weight stand for. Scores of one metric may be
/// compared and added, scores of two may not.
public interface SensitivityMetric extends Method {
  /// Loss of the errors e = ŵ − w of `rows` rows of `columns` weights, row-major.
  ///
  /// @param inputs moments of the layer's inputs; may be null only for a metric that needs none
  double loss(
      float[] errors, int rows, int columns, @Nullable InputMoments inputs, Workers workers);
}
