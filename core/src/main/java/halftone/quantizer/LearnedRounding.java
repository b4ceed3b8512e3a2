package halftone.quantizer;

import halftone.kernel.VectorKernels;
import halftone.workers.Workers;
import java.util.function.IntToDoubleFunction;

/// Some rows of a weight while [AdaRound] learns whether to round up or down.
final class LearnedRounding {
  private static final double STRETCH = 1.2;
  private static final double SHIFT = -0.1;
  private static final double FIRST_BETA = 20;
  private static final double LAST_BETA = 2;
  private static final double MOMENTUM = 0.9;
  private static final double SECOND_MOMENTUM = 0.999;
  private static final double TINY = 1e-8;

  private final AdaRound settings;
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

  /// @param targets the weights to come near, row-major
  /// @param neighbours the grid's values below and above them; its arrays are used up
  /// @param gram Gram matrix of the inputs, columns × columns
  LearnedRounding(
      AdaRound settings, float[] targets, Neighbours neighbours, float[] gram, int columns) {
    this.settings = settings;
    this.targets = targets;
    this.gram = gram;
    this.columns = columns;
    this.rows = targets.length / columns;
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

  /// The values chosen, row-major.
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
    for (int t = 1; t <= settings.iterations(); t++) {
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

  /// The soft choices h, row-major: 0 for the value below, 1 for the one above.
  double[] shares() {
    double[] shares = new double[v.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = soft(v[i]);
    }
    return shares;
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

  private float[] errors(IntToDoubleFunction choice) {
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
              (settings.rate()
                  * (mean[i] / now.firstBias)
                  / (Math.sqrt(square[i] / now.secondBias) + TINY));
      errors[i] = (float) (low[i] + soft(v[i]) * step[i] - targets[i]);
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
      double share = (double) t / settings.iterations();
      if (share > settings.warmUp()) {
        double relative = (share - settings.warmUp()) / (1 - settings.warmUp());
        double beta = LAST_BETA + (FIRST_BETA - LAST_BETA) * (1 + Math.cos(Math.PI * relative)) / 2;
        for (int k = 0; k <= ENTRIES; k++) {
          slopes[k] =
              (float) (settings.penalty() * 2 * beta * Math.pow((double) k / ENTRIES, beta - 1));
        }
      }
    }

    /// The slope of λ · |d|^β by the soft choice, d = 2h − 1.
    double penalty(double d) {
      return Math.copySign(slopes[(int) (Math.abs(d) * ENTRIES + 0.5)], d);
    }
  }
}
