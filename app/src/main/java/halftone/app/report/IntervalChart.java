package halftone.app.report;

import halftone.evaluation.PairedComparison;

/// The paired interval beside zero: left of it, ours is better.
record IntervalChart(PairedComparison paired) {
  private static final double LEFT = 8;
  private static final double RIGHT = 352;
  private static final double LINE = 26;
  private static final double WORDS = 58;

  /// @param id unique in the page
  void write(Markup page, String id) {
    double farthest = Math.max(Math.abs(paired.lower()), Math.abs(paired.upper()));
    double reach = farthest > 0 ? 1.15 * farthest : 1;
    LinearAxis axis = new LinearAxis(-reach, reach, LEFT, RIGHT);
    double zero = axis.pixel(0);
    page.open(
        "svg", "class", "interval", "viewBox", "0 0 360 64", "role", "img", "aria-labelledby", id);
    page.element("title", "Ours minus the rival's: " + Verdict.interval(paired), "id", id);
    Drawing drawing = new Drawing(page);
    drawing.line("grid", LEFT, LINE, RIGHT, LINE);
    drawing.line("axis", zero, LINE - 16, zero, LINE + 16);
    drawing.line("error ours", axis.pixel(paired.lower()), LINE, axis.pixel(paired.upper()), LINE);
    drawing.symbol("ours", axis.pixel(paired.difference()), LINE);
    drawing.label("tick", "← ours better", LEFT, WORDS);
    drawing.label("tick middle", "0", zero, WORDS);
    drawing.label("tick end", "rival better →", RIGHT, WORDS);
    page.close();
  }
}
