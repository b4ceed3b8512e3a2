package halftone.quantizer;

import halftone.kernel.ErrorFeedback;
import halftone.method.Card;
import halftone.method.Need;
import halftone.numeric.FittedRows;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.util.Set;

/// GPTQ (Frantar et al., arXiv 2210.17323) onto any format's grid: columns are rounded in order,
/// and each rounding error is pushed into the columns not yet rounded, so that the layer's outputs
/// on the calibration inputs change least.
///
/// Scales are the encoder's, settled and rounded as stored before the sweep. Lattice formats round
/// four or eight columns together, then push their errors on column by column. Written with the
/// errors against the original weight ([LdlFactor]), which gives the same codes as the paper's
/// recursion.
///
/// @param damping share of the Gram diagonal's mean that is added to it (the paper's percdamp)
public record Gptq(double damping) implements Quantizer {
  /// Columns between two passes of the bulk update. Changes speed only.
  private static final int BLOCK = 64;

  public Gptq() {
    this(0.01);
  }

  @Override
  public Card card() {
    return new Card(
        "gptq",
        "GPTQ",
        "arXiv 2210.17323",
        Set.of(Need.CALIBRATION_TEXT, Need.IMPORTANCE, Need.GRAM));
  }

  /// Factors the Gram matrix of a layer's inputs with this damping.
  public LdlFactor factor(float[] gram, int size, Workers workers) {
    return LdlFactor.of(gram, size, damping, workers);
  }

  @Override
  public Tensor quantize(
      String name, Weight weight, WeightFormat format, LayerInputs inputs, Workers workers) {
    LdlFactor factor = inputs.factor();
    int columns = weight.shape().columns();
    if (factor == null || factor.size() != columns) {
      throw new IllegalArgumentException("GPTQ needs the Gram matrix of the inputs of " + name);
    }
    return RowPanels.quantize(
        name,
        weight,
        format,
        ErrorFeedback.ROWS,
        workers,
        (values, count) -> {
          FittedRows fitted = format.fit(values, 0, count, columns, inputs.importance());
          float[] targets = columnMajor(values, count, columns);
          if (inputs.shift() != null) {
            InputShift.aim(targets, targets.clone(), inputs.shift(), columns);
          }
          sweep(targets, fitted, factor.feedback());
          return fitted;
        });
  }

  /// Rounds all columns. `targets` (column k at k · ROWS) starts as the weight and ends as what
  /// each column was rounded from.
  private static void sweep(float[] targets, FittedRows fitted, float[] feedback) {
    int columns = fitted.columns();
    float[] weight = targets.clone();
    float[] errors = new float[targets.length];
    for (int from = 0; from < columns; from += BLOCK) {
      int to = Math.min(from + BLOCK, columns);
      ErrorFeedback.add(errors, targets, feedback, columns, 0, from, from, to);
      sweepBlock(targets, weight, errors, fitted, feedback, from, to);
    }
  }

  private static void sweepBlock(
      float[] targets,
      float[] weight,
      float[] errors,
      FittedRows fitted,
      float[] feedback,
      int from,
      int to) {
    int rows = fitted.rows();
    int arity = fitted.arity();
    int columns = fitted.columns();
    float[] wanted = new float[arity * rows];
    float[] rounded = new float[arity * rows];
    for (int column = from; column < to; column += arity) {
      for (int i = 0; i < arity; i++) {
        System.arraycopy(targets, (column + i) * ErrorFeedback.ROWS, wanted, i * rows, rows);
      }
      fitted.round(column, wanted, rounded);
      for (int i = 0; i < arity; i++) {
        int at = (column + i) * ErrorFeedback.ROWS;
        for (int row = 0; row < rows; row++) {
          errors[at + row] = weight[at + row] - rounded[i * rows + row];
        }
      }
      ErrorFeedback.add(
          errors, targets, feedback, columns, column, column + arity, column + arity, to);
    }
  }

  private static float[] columnMajor(float[] values, int rows, int columns) {
    float[] transposed = new float[columns * ErrorFeedback.ROWS];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * ErrorFeedback.ROWS + row] = values[row * columns + column];
      }
    }
    return transposed;
  }
}
