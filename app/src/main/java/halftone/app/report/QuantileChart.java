package halftone.app.report;

import halftone.evaluation.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How a divergence is spread over the tokens: a line for each file from its median to its largest
/// value, logarithmic, since a mean hides the few tokens that go wrong.
record QuantileChart(List<QualityTables.Column> columns) {
  static final String CAPTION =
      "KL divergence over the tokens of the text, nats: half of the tokens lie left of the median.";

  private static final List<String> NAMES = List.of("median", "90 %", "99 %", "99.9 %", "max");
  private static final double LEFT = 30;
  private static final double RIGHT = 330;
  private static final double TOP = 22;
  private static final double ROW = 42;

  /// Far below what any text can tell from zero.
  private static final double SMALLEST = 1e-7;

  /// @param id unique in the page
  void write(Markup page, String id) {
    List<List<Double>> rows =
        columns.stream().map(column -> quantiles(column.quality().divergences())).toList();
    List<Double> all = rows.stream().flatMap(List::stream).toList();
    double smallest = all.stream().min(Comparator.naturalOrder()).orElseThrow();
    double largest = all.stream().max(Comparator.naturalOrder()).orElseThrow();
    // An axis of rising logarithms, laid on its side.
    LogAxis axis = LogAxis.holding(smallest, largest, RIGHT, LEFT);
    double bottom = TOP + ROW * rows.size();
    page.open(
        "svg",
        "class",
        "interval",
        "viewBox",
        "0 0 360 " + Drawing.pixel(bottom + 24),
        "role",
        "img",
        "aria-labelledby",
        id);
    page.element("title", "Quantiles of the KL divergence", "id", id);
    Drawing drawing = new Drawing(page);
    for (double tick : axis.ticks()) {
      drawing.line("grid", axis.pixel(tick), TOP, axis.pixel(tick), bottom);
      drawing.label("tick middle", Drawing.tick(tick), axis.pixel(tick), bottom + 18);
    }
    for (int i = 0; i < NAMES.size(); i++) {
      drawing.label("tick middle", NAMES.get(i), axis.pixel(rows.getFirst().get(i)), TOP - 8);
    }
    for (int i = 0; i < rows.size(); i++) {
      row(drawing, axis, i, rows.get(i));
    }
    page.close();
  }

  private void row(Drawing drawing, LogAxis axis, int row, List<Double> values) {
    String style = row == 0 ? "ours" : "rival";
    double y = TOP + ROW * row + 26;
    drawing.label("name", columns.get(row).name(), 2, y - 12);
    drawing.line(
        "error " + style, axis.pixel(values.getFirst()), y, axis.pixel(values.getLast()), y);
    values.forEach(value -> drawing.symbol(style, axis.pixel(value), y));
  }

  private static List<Double> quantiles(Distribution values) {
    List<Double> quantiles =
        new ArrayList<>(
            List.of(values.median(), values.p90(), values.p99(), values.p999(), values.maximum()));
    quantiles.replaceAll(value -> Math.max(SMALLEST, value));
    return quantiles;
  }
}
