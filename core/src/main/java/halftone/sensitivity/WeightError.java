package halftone.sensitivity;

import halftone.evidence.LayerEvidence;
import halftone.method.Card;
import halftone.workers.Workers;
import java.util.Set;

/// Σ e²: the squared error of the weights alone.
public record WeightError() implements SensitivityMetric {
  @Override
  public Card card() {
    return new Card("weight-error", "squared weight error", "none", Set.of());
  }

  @Override
  public double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers) {
    double sum = 0;
    for (int i = 0; i < rows * columns; i++) {
      sum += (double) errors[i] * errors[i];
    }
    return sum;
  }
}
