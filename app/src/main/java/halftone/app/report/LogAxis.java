package halftone.app.report;

import java.util.ArrayList;
import java.util.List;

/// Maps positive values to pixels by their logarithm, larger values higher.
record LogAxis(double smallest, double largest, double top, double bottom) {
  private static final double MARGIN = 0.04;
  private static final int FEWEST_TICKS = 3;
  private static final int MOST_TICKS = 6;

  /// Holds all values with a little air.
  static LogAxis holding(double smallest, double largest, double top, double bottom) {
    double low = Math.log10(smallest);
    double high = Math.log10(largest);
    double air = Math.max(0.1, MARGIN * (high - low));
    return new LogAxis(Math.pow(10, low - air), Math.pow(10, high + air), top, bottom);
  }

  double pixel(double value) {
    double share = Math.log(value / smallest) / Math.log(largest / smallest);
    return bottom - Math.clamp(share, 0.0, 1.0) * (bottom - top);
  }

  /// Powers of ten; where those are few, 1, 2 and 5 times them; where many, every second or third …
  List<Double> ticks() {
    List<Double> decades = ticks(new int[] {1});
    if (decades.size() < FEWEST_TICKS) {
      return ticks(new int[] {1, 2, 5});
    }
    int step = Math.ceilDiv(decades.size(), MOST_TICKS);
    List<Double> some = new ArrayList<>();
    for (int i = 0; i < decades.size(); i += step) {
      some.add(decades.get(i));
    }
    return some;
  }

  private List<Double> ticks(int[] multiples) {
    List<Double> ticks = new ArrayList<>();
    int last = (int) Math.floor(Math.log10(largest));
    for (int power = (int) Math.floor(Math.log10(smallest)); power <= last; power++) {
      for (int multiple : multiples) {
        double tick = Double.parseDouble(multiple + "e" + power);
        if (tick >= smallest && tick <= largest) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
