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
  private static final double STRETCH = 1.2;
  private static final double SHIFT = -0.1;
  private static final double FIRST_BETA = 20;
  private static final double LAST_BETA = 2;
  private static final double MOMENTUM = 0.9;
  private static final double SECOND_MOMENTUM = 0.999;
  private static final double TINY = 1e-8;

  /// Rows that are learned at once.
  private static final int ROWS = 1024;

  public AdaRound() {
    this(1000, 3e-2, 3, 0.2, 0.01);
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
        (values, first, count) -> {
          FittedRows fitted = format.fit(values, 0, count, columns, inputs.importance());
          float[] targets = values.clone();
          if (inputs.shift() != null) {
            float[] moved =
                VectorKernels.multiply(values, inputs.shift(), count, columns, columns, workers);
            for (int i = 0; i < targets.length; i++) {
              targets[i] += moved[i];
            }
          }
          float[] chosen = new Learning(targets, fitted, gram).run(workers);
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

  /// h(V).
  static double soft(double v) {
    return Math.clamp(STRETCH / (1 + Math.exp(-v)) + SHIFT, 0, 1);
  }

  /// The V whose soft choice is `share`, 0 ≤ share < 1.
  static double hardness(double share) {
    return -Math.log(STRETCH / (share - SHIFT) - 1);
  }

  /// Some rows while they are learned.
  private final class Learning {
    private final float[] targets;
    private final float[] gram;
    private final int rows;
    private final int columns;
    private final float[] low;
    private final float[] step;
    private final float[] v;
    private final float[] mean;
    private final float[] square;
    private final double[] unit;

    Learning(float[] targets, FittedRows fitted, float[] gram) {
      this.targets = targets;
      this.gram = gram;
      this.rows = fitted.rows();
      this.columns = fitted.columns();
      Neighbours neighbours = Neighbours.of(targets, fitted);
      this.low = neighbours.low();
      this.step = neighbours.high();
      this.v = new float[targets.length];
      this.mean = new float[targets.length];
      this.square = new float[targets.length];
      this.unit = new double[rows];
      for (int i = 0; i < v.length; i++) {
        step[i] -= low[i];
        // Beyond the grid's ends there is nothing to choose.
        double share = step[i] == 0 ? 0 : (targets[i] - low[i]) / step[i];
        v[i] = (float) hardness(Math.clamp(share, 0, 0.9999));
      }
    }

    float[] run(Workers workers) {
      float[] nearest = errors(i -> Math.rint(soft(v[i])));
      float[] products = times(nearest, workers);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int i = r * columns; i < (r + 1) * columns; i++) {
          sum += (double) nearest[i] * products[i];
        }
        unit[r] = Math.max(sum, Float.MIN_NORMAL);
      }
      float[] errors = errors(i -> soft(v[i]));
      for (int t = 1; t <= iterations; t++) {
        Step now = new Step(t);
        float[] gradients = times(errors, workers);
        workers.forEach(rows, row -> move(row, now, gradients, errors));
      }
      float[] chosen = new float[v.length];
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = low[i] + (soft(v[i]) >= 0.5 ? step[i] : 0);
      }
      return better(chosen, nearest, workers);
    }

    /// Row by row what was learned, or the nearest codes where they are no worse.
    private float[] better(float[] chosen, float[] nearestErrors, Workers workers) {
      float[] errors = new float[chosen.length];
      for (int i = 0; i < errors.length; i++) {
        errors[i] = chosen[i] - targets[i];
      }
      float[] products = times(errors, workers);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int i = r * columns; i < (r + 1) * columns; i++) {
          sum += (double) errors[i] * products[i];
        }
        for (int i = r * columns; i < (r + 1) * columns && sum >= unit[r]; i++) {
          chosen[i] = targets[i] + nearestErrors[i];
        }
      }
      return chosen;
    }

    private float[] errors(java.util.function.IntToDoubleFunction choice) {
      float[] errors = new float[v.length];
      for (int i = 0; i < errors.length; i++) {
        errors[i] = (float) (low[i] + choice.applyAsDouble(i) * step[i] - targets[i]);
      }
      return errors;
    }

    /// E·H; H is symmetric.
    private float[] times(float[] errors, Workers workers) {
      return VectorKernels.multiplyTransposed(errors, gram, rows, columns, columns, workers);
    }

    /// One step of Adam for a row, and the errors behind it.
    private void move(int row, Step now, float[] gradients, float[] errors) {
      double scale = 2.0 * columns / unit[row];
      for (int i = row * columns; i < (row + 1) * columns; i++) {
        double sigma = 1 / (1 + Math.exp(-v[i]));
        double h = STRETCH * sigma + SHIFT;
        // A choice that has become hard has no slope any more, and stays.
        if (step[i] == 0 || h <= 0 || h >= 1) {
          continue;
        }
        double slope = STRETCH * sigma * (1 - sigma);
        double gradient = (scale * gradients[i] * step[i] - now.penalty(2 * h - 1)) * slope;
        mean[i] = (float) (MOMENTUM * mean[i] + (1 - MOMENTUM) * gradient);
        square[i] =
            (float) (SECOND_MOMENTUM * square[i] + (1 - SECOND_MOMENTUM) * gradient * gradient);
        v[i] -=
            (float)
                (rate * (mean[i] / now.firstBias) / (Math.sqrt(square[i] / now.secondBias) + TINY));
        errors[i] = (float) (low[i] + soft(v[i]) * step[i] - targets[i]);
      }
    }
  }

  /// What all weights share in a step.
  private final class Step {
    /// Powers are looked up: they only steer, and computing them took half of the time.
    private static final int ENTRIES = 4096;

    private final double firstBias;
    private final double secondBias;
    private final float[] slopes = new float[ENTRIES + 1];

    Step(int t) {
      firstBias = 1 - Math.pow(MOMENTUM, t);
      secondBias = 1 - Math.pow(SECOND_MOMENTUM, t);
      double share = (double) t / iterations;
      if (share > warmUp) {
        double relative = (share - warmUp) / (1 - warmUp);
        double beta = LAST_BETA + (FIRST_BETA - LAST_BETA) * (1 + Math.cos(Math.PI * relative)) / 2;
        for (int k = 0; k <= ENTRIES; k++) {
          slopes[k] = (float) (penalty * 2 * beta * Math.pow((double) k / ENTRIES, beta - 1));
        }
      }
    }

    /// The slope of λ · |d|^β by the soft choice, d = 2h − 1.
    double penalty(double d) {
      return Math.copySign(slopes[(int) (Math.abs(d) * ENTRIES + 0.5)], d);
    }
  }
}
