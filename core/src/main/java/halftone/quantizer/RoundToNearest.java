package halftone.quantizer;

import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.FittedRows;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Set;

/// The encoder's scales, as stored, and the nearest code for every weight: what GPTQ becomes when
/// inputs are uncorrelated. Differs from [FormatEncoder] where an encoder chooses codes by
/// importance, or under scales it has not rounded yet.
public record RoundToNearest() implements Quantizer {
  private static final int ROWS = 64;

  @Override
  public Card card() {
    return new Card(
        "round-to-nearest", "nearest code under fixed scales", "none", Set.of(Need.IMPORTANCE));
  }

  @Override
  public Tensor quantize(
      String name, Weight weight, WeightFormat format, LayerInputs inputs, Workers workers) {
    int columns = weight.shape().columns();
    return RowPanels.quantize(
        name,
        weight,
        format,
        ROWS,
        workers,
        (values, count) ->
            nearest(values, format.fit(values, 0, count, columns, inputs.importance())));
  }

  private static FittedRows nearest(float[] values, FittedRows fitted) {
    int rows = fitted.rows();
    int arity = fitted.arity();
    float[] wanted = new float[arity * rows];
    float[] rounded = new float[arity * rows];
    for (int column = 0; column < fitted.columns(); column += arity) {
      for (int i = 0; i < arity; i++) {
        for (int row = 0; row < rows; row++) {
          wanted[i * rows + row] = values[row * fitted.columns() + column + i];
        }
      }
      fitted.round(column, wanted, rounded);
    }
    return fitted;
  }
}
