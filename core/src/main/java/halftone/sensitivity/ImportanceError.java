package halftone.sensitivity;

import halftone.evidence.LayerEvidence;
import halftone.method.Card;
import halftone.method.Need;
import halftone.workers.Workers;
import java.util.Set;

/// Σ e_j² · E[x_j²]: the squared error of the layer's outputs if its inputs were uncorrelated.
public record ImportanceError() implements SensitivityMetric {
  @Override
  public Card card() {
    return new Card(
        "importance-error",
        "importance-weighted error",
        "llama.cpp change 4861",
        Set.of(Need.IMPORTANCE));
  }

  @Override
  public double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers) {
    float[] importance = layer.requireInputs("importance-error").importance();
    double sum = 0;
    for (int row = 0, at = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++, at++) {
        sum += (double) errors[at] * errors[at] * importance[j];
      }
    }
    return sum;
  }
}
