package halftone.sensitivity;

import halftone.evidence.LayerEvidence;
import halftone.evidence.RowGradients;
import halftone.method.Card;
import halftone.method.Need;
import halftone.workers.Workers;
import java.util.Set;

/// The estimated change of the loss to second order with the empirical Fisher of one sample as its
/// Hessian: of each row c, Σ_n |d + ½ d²| over calibration samples n, with d = ⟨g_n, e⟩ the product
/// of the row's gradient and its rounding error. Unlike curvature alone it sees where rounding
/// pushes along the gradient.
///
/// @param firstOrder whether d itself counts; without, Σ_n ½ d²
/// @param diagonal whether the second term is ½ Σ_j (g_j e_j)² instead of ½ d²
public record FirstOrderLoss(boolean firstOrder, boolean diagonal) implements SensitivityMetric {
  /// As published.
  public static final FirstOrderLoss STANDARD = new FirstOrderLoss(true, false);

  @Override
  public Card card() {
    return new Card(
        "first-order-loss",
        "first- and second-order loss change",
        "arXiv 2412.14590",
        Set.of(Need.GRADIENTS));
  }

  @Override
  public double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers) {
    RowGradients gradients = layer.requireGradients("first-order-loss");
    if (gradients.rows() != rows || gradients.values().shape().columns() != columns) {
      throw new IllegalArgumentException(
          "errors of %d×%d weights for gradients of %d rows of %d"
              .formatted(rows, columns, gradients.rows(), gradients.values().shape().columns()));
    }
    double sum = 0;
    for (double row : gradients.changes(errors, firstOrder, diagonal, workers)) {
      sum += row;
    }
    return sum / gradients.samples();
  }
}
