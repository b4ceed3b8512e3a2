package halftone.sensitivity;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.evidence.OutputMoments;
import halftone.kernel.VectorKernels;
import halftone.method.Card;
import halftone.method.Need;
import halftone.workers.Workers;
import java.util.Set;

/// ½·tr(G E A Eᵀ): the rise of the loss in nats a token to second order, with the layer's block of
/// the Fisher information taken as the Kronecker product of A = E[x xᵀ] and G = E[g gᵀ], g the
/// gradient of a sampled label's log-likelihood by the layer's outputs, and E the real rounding
/// error. Where G's diagonal alone is known: ½·Σ_i G_ii e_i A e_iᵀ, e_i the rows of E.
public record KroneckerFisher() implements SensitivityMetric {
  @Override
  public Card card() {
    return new Card(
        "kronecker-fisher",
        "Kronecker-factored Fisher loss",
        "arXiv 1503.05671 (factors)",
        Set.of(Need.GRAM, Need.OUTPUT_GRADIENTS));
  }

  @Override
  public double loss(float[] errors, int rows, int columns, LayerEvidence layer, Workers workers) {
    InputMoments inputs = layer.requireInputs("kronecker-fisher");
    OutputMoments outputs = layer.requireOutputs("kronecker-fisher");
    if (outputs.width() != rows) {
      throw new IllegalArgumentException(
          "errors of %d rows for a layer of %d outputs".formatted(rows, outputs.width()));
    }
    float[] product =
        VectorKernels.multiplyTransposed(
            errors, inputs.requireGram(), rows, columns, columns, workers);
    float[] gram = outputs.gram();
    double sum =
        gram == null
            ? diagonal(errors, product, outputs.squares(), columns)
            : whole(
                VectorKernels.multiplyTransposed(product, errors, rows, rows, columns, workers),
                gram);
    return sum / (2.0 * inputs.tokens());
  }

  private static double diagonal(float[] errors, float[] product, float[] squares, int columns) {
    double sum = 0;
    for (int row = 0, at = 0; row < squares.length; row++) {
      double change = 0;
      for (int j = 0; j < columns; j++, at++) {
        change += (double) errors[at] * product[at];
      }
      sum += squares[row] * change;
    }
    return sum;
  }

  private static double whole(float[] changes, float[] gram) {
    double sum = 0;
    for (int i = 0; i < gram.length; i++) {
      sum += (double) gram[i] * changes[i];
    }
    return sum;
  }
}
