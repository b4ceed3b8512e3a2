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
    double sum = 0;
    for (double row :
        rows(errors, rows, columns, layer.requireGradients("first-order-loss"), workers)) {
      sum += row;
    }
    return sum / layer.requireGradients("first-order-loss").samples();
  }

  /// Σ_n |d + ½ d²| of each row.
  ///
  /// @param gradients of these rows
  public double[] rows(
      float[] errors, int rows, int columns, RowGradients gradients, Workers workers) {
    if (gradients.rows() != rows || gradients.values().shape().columns() != columns) {
      throw new IllegalArgumentException(
          "errors of %d×%d weights for gradients of %d rows of %d"
              .formatted(rows, columns, gradients.rows(), gradients.values().shape().columns()));
    }
    double[] scores = new double[rows];
    workers.forEach(
        rows,
        row -> {
          float[] gradient = new float[columns];
          for (int sample = 0; sample < gradients.samples(); sample++) {
            gradients.values().rows((long) sample * rows + row, 1, gradient, 0);
            scores[row] += change(errors, row * columns, gradient);
          }
        });
    return scores;
  }

  private double change(float[] errors, int at, float[] gradient) {
    double d = 0;
    double squares = 0;
    for (int j = 0; j < gradient.length; j++) {
      double term = (double) gradient[j] * errors[at + j];
      d += term;
      squares += term * term;
    }
    double second = diagonal ? squares / 2 : d * d / 2;
    return Math.abs((firstOrder ? d : 0) + second);
  }
}
