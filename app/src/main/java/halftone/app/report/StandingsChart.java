package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.recipe.Leaderboard;
import java.util.List;

/// The contestants' losses below each other on one logarithmic axis, the first on top.
record StandingsChart(List<Leaderboard.Standing> standings) {
  private static final double LEFT = 184;
  private static final double RIGHT = 350;
  private static final double ROW = 24;
  private static final double TOP = 18;

  /// @param id unique in the page
  void write(Markup page, String id) {
    double bottom = TOP + ROW * standings.size();
    LogAxis axis = axis();
    page.open(
        "svg",
        "class",
        "standings",
        "viewBox",
        "0 0 360 " + Drawing.pixel(bottom + 24),
        "role",
        "img",
        "aria-labelledby",
        id);
    page.element("title", "Mean KL divergence of each method", "id", id);
    Drawing drawing = new Drawing(page);
    for (double tick : axis.ticks()) {
      drawing.line("grid", axis.pixel(tick), TOP, axis.pixel(tick), bottom);
      drawing.label("tick middle", Drawing.tick(tick), axis.pixel(tick), bottom + 18);
    }
    double y = TOP + ROW / 2;
    for (Leaderboard.Standing standing : standings) {
      Estimate loss = standing.quality().divergence();
      String style = standing.file().equals(standing.contestant()) ? "ours" : "rival";
      drawing.label("tick end", standing.contestant(), LEFT - 6, y + 4);
      drawing.line(
          "error " + style,
          axis.pixel(loss.value() - 2 * loss.error()),
          y,
          axis.pixel(loss.value() + 2 * loss.error()),
          y);
      drawing.symbol(style, axis.pixel(loss.value()), y);
      y += ROW;
    }
    page.close();
  }

  /// Its larger values lie to the right.
  private LogAxis axis() {
    double smallest = Double.MAX_VALUE;
    double largest = Double.MIN_NORMAL;
    for (Leaderboard.Standing standing : standings) {
      double value = Math.max(standing.quality().divergence().value(), Double.MIN_NORMAL);
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    return LogAxis.holding(smallest, largest, RIGHT, LEFT);
  }
}
