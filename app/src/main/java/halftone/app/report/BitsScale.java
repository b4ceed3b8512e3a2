package halftone.app.report;

import halftone.numeric.NumberFormats;
import java.util.List;

/// Ten steps of colour from few bits a weight to many; the colours themselves are in the style
/// sheet.
final class BitsScale {
  /// Upper ends of all steps but the last, bits a weight: between the formats' sizes, so that
  /// neighbours differ.
  static final List<Double> ENDS = List.of(2.2, 2.8, 3.25, 3.9, 4.4, 5.0, 6.0, 7.5, 12.0);

  private BitsScale() {}

  static double bitsPerWeight(String format) {
    return NumberFormats.named(format).layout().bitsPerWeight();
  }

  /// The style of a format: `b0` … `b9`.
  static String style(String format) {
    double bits = bitsPerWeight(format);
    int step = 0;
    while (step < ENDS.size() && bits >= ENDS.get(step)) {
      step++;
    }
    return "b" + step;
  }

  /// What a step holds, for the legend: `2.2–2.8`.
  static String label(int step) {
    if (step == 0) {
      return "< " + ENDS.getFirst();
    }
    return step == ENDS.size()
        ? "≥ " + Drawing.tick(ENDS.getLast())
        : Drawing.tick(ENDS.get(step - 1)) + "–" + Drawing.tick(ENDS.get(step));
  }
}
