package halftone.quantizer;

import halftone.kernel.VectorKernels;
import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.FittedRows;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Set;

/// AdaRound (Nagel et al., arXiv 2004.10568): learns for every weight whether to round up or down,
/// by descent on a soft choice h(V) = clip(1.2·σ(V) − 0.1, 0, 1) between the two neighbouring
/// values of the format's grid, and a penalty 1 − |2h − 1|^β that makes the choice hard in the end.
///
/// The layer's reconstruction error is computed from the Gram matrix of its inputs, e·H·eᵀ, which
/// is what mini-batches of inputs estimate. It is divided by that of rounding to nearest, row by
/// row, so that the penalty's weight means the same for every layer. Scales are the encoder's.
/// Where the layer's inputs have shifted, the weight aims at what makes up for it ([InputShift]):
/// the paper's asymmetric reconstruction.
///
/// @param iterations steps of Adam
/// @param rate its learning rate
/// @param penalty λ, in units of the mean share of a weight in the error of rounding to nearest;
///   the paper has 0.01 in units of the outputs
/// @param warmUp share of the steps without penalty
/// @param damping share of the Gram diagonal's mean that is added to it
public record AdaRound(int iterations, double rate, double penalty, double warmUp, double damping)
    implements Quantizer {
  /// Rows that are learned at once.
  static final int ROWS = 1024;

  public AdaRound() {
    this(1000, 3e-2, 8, 0.2, 0.01);
  }

  @Override
  public Card card() {
    return new Card(
        "adaround",
        "AdaRound: learned rounding",
        "arXiv 2004.10568",
        Set.of(Need.CALIBRATION_TEXT, Need.IMPORTANCE, Need.GRAM));
  }

  @Override
  public Tensor quantize(
      String name, Weight weight, WeightFormat format, LayerInputs inputs, Workers workers) {
    LdlFactor factor = inputs.factor();
    int columns = weight.shape().columns();
    if (factor == null || factor.size() != columns) {
      throw new IllegalArgumentException("AdaRound needs the Gram matrix of the inputs of " + name);
    }
    float[] gram = factor.product();
    return RowPanels.quantizeInTurn(
        name,
        weight,
        format,
        ROWS,
        (values, count) -> {
          FittedRows fitted = format.fit(values, 0, count, columns, inputs.importance());
          float[] targets = values.clone();
          if (inputs.shift() != null) {
            float[] moved =
                VectorKernels.multiply(values, inputs.shift(), count, columns, columns, workers);
            for (int i = 0; i < targets.length; i++) {
              targets[i] += moved[i];
            }
          }
          float[] chosen =
              new LearnedRounding(this, targets, Neighbours.of(targets, fitted), gram, columns)
                  .run(workers);
          round(fitted, chosen);
          return fitted;
        });
  }

  /// Sets the codes to those of values that the grid has.
  private static void round(FittedRows fitted, float[] chosen) {
    float[] wanted = new float[fitted.rows()];
    float[] rounded = new float[fitted.rows()];
    for (int column = 0; column < fitted.columns(); column++) {
      for (int r = 0; r < wanted.length; r++) {
        wanted[r] = chosen[r * fitted.columns() + column];
      }
      fitted.round(column, wanted, rounded);
    }
  }
}
