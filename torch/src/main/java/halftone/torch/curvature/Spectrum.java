package halftone.torch.curvature;

import java.util.function.DoubleUnaryOperator;

/// A distribution of eigenvalues as points: Σ weights = 1.
///
/// @param values ascending
/// @param weights share of each
public record Spectrum(double[] values, double[] weights) {
  /// Σ weight · f(value): times the number of parameters, an estimate of tr f(H).
  public double mean(DoubleUnaryOperator f) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * f.applyAsDouble(values[i]);
    }
    return sum;
  }

  /// The density at t, each point widened to a normal distribution of this variance.
  public double density(double t, double variance) {
    double height = 1 / Math.sqrt(2 * Math.PI * variance);
    return mean(value -> height * Math.exp(-(t - value) * (t - value) / (2 * variance)));
  }

  /// 1e-5 · max(1, range): the variance that PyHessian draws with.
  public double usualVariance() {
    return 1e-5 * Math.max(1, values[values.length - 1] - values[0]);
  }
}
