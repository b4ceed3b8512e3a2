package halftone.sensitivity;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.kernel.VectorKernels;
import halftone.method.Card;
import halftone.method.Need;
import halftone.workers.Workers;
import java.util.Set;

/// tr(E A Eᵀ), A = E[x xᵀ]: the expected squared change of the layer's outputs, with E the real
/// rounding error.
public record GramError() implements SensitivityMetric {
  @Override
  public Card card() {
    return new Card(
        "gram-error", "Gram-weighted error", "arXiv 2210.17323 (objective)", Set.of(Need.GRAM));
  }

  @Override
  public double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers) {
    InputMoments moments = layer.requireInputs("gram-error");
    float[] product =
        VectorKernels.multiplyTransposed(
            errors, moments.requireGram(), rows, columns, columns, workers);
    double sum = 0;
    for (int i = 0; i < rows * columns; i++) {
      sum += (double) errors[i] * product[i];
    }
    return sum / moments.tokens();
  }
}
