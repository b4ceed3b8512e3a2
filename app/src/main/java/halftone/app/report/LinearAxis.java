package halftone.app.report;

import java.util.ArrayList;
import java.util.List;

/// Maps values to pixels in proportion, larger values further right.
record LinearAxis(double smallest, double largest, double left, double right) {
  /// Holds all values with a little air.
  static LinearAxis holding(double smallest, double largest, double left, double right) {
    double air = largest > smallest ? 0.03 * (largest - smallest) : Math.max(1, 0.1 * largest);
    return new LinearAxis(smallest - air, largest + air, left, right);
  }

  double pixel(double value) {
    double share = Math.clamp((value - smallest) / (largest - smallest), 0.0, 1.0);
    return left + share * (right - left);
  }

  /// Round numbers, about `count` of them.
  List<Double> ticks(int count) {
    double rough = (largest - smallest) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double multiple : new double[] {2, 5, 10}) {
      if (step < rough) {
        step = multiple * power;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(smallest / step); i * step <= largest; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }
}
