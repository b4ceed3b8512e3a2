package halftone.evaluation;

/// A mean with its standard error, or a value derived from one.
public record Estimate(double value, double error) {
  /// Of independent values; the error is √((Σx²/n − mean²) / (n − 1)), and 0 for 10 values or
  /// fewer.
  public static Estimate mean(double[] values) {
    Moments moments = Moments.of(values);
    return new Estimate(moments.mean(), moments.error());
  }

  /// exp(value): the error is carried over to first order.
  Estimate exp() {
    return new Estimate(Math.exp(value), Math.exp(value) * error);
  }
}
