package halftone.evaluation;

/// Tail probabilities of Student's t distribution, in closed form for whole degrees of freedom.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
final class StudentT {
  private StudentT() {}

  /// P(|T| > |t|).
  static double twoSided(double t, int degrees) {
    if (Double.isInfinite(t)) {
      return 0;
    }
    double angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
    double within = degrees % 2 == 0 ? even(angle, degrees) : odd(angle, degrees);
    return Math.clamp(1 - within, 0.0, 1.0);
  }

  private static double even(double angle, int degrees) {
    double square = Math.cos(angle) * Math.cos(angle);
    double term = 1;
    double sum = 1;
    for (int k = 1; k <= degrees - 3; k += 2) {
      term *= square * k / (k + 1);
      sum += term;
    }
    return Math.sin(angle) * sum;
  }

  private static double odd(double angle, int degrees) {
    double cosine = Math.cos(angle);
    double term = cosine;
    double sum = degrees == 1 ? 0 : cosine;
    for (int k = 2; k <= degrees - 3; k += 2) {
      term *= cosine * cosine * k / (k + 1);
      sum += term;
    }
    return 2 / Math.PI * (angle + Math.sin(angle) * sum);
  }
}
