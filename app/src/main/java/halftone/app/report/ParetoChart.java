package halftone.app.report;

import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Size against loss: the predicted curve of the best choices, and the measured files as labelled
/// points with their standard errors.
///
/// @param compact for narrow screens
record ParetoChart(Outcome outcome, boolean compact) {
  private static final double LABEL_HEIGHT = 18;
  private static final int LONGEST_LABEL = 24;

  /// The part of the curve that is drawn, as shares of the file's size: further away, the files in
  /// the running would shrink to one spot.
  private static final double NEAR_SMALLER = 0.7;

  private static final double NEAR_LARGER = 1.5;

  /// Half a pixel: closer points of the curve are left out.
  private static final double RESOLUTION = 0.5;

  /// In the order they are drawn: ours lies on top.
  private static final List<String> STYLES = List.of("rival", "predicted", "ours");

  /// A point with words beside it.
  private record Mark(String label, String style, double x, double y, double low, double high) {}

  /// Writes the figure's drawing.
  ///
  /// @param id unique in the page
  void write(Markup page, String id) {
    List<Outcome.CurvePoint> curve = outcome.curve().stream().filter(this::near).toList();
    List<Outcome.Candidate> measured =
        outcome.candidates().stream().filter(candidate -> drawable(candidate.kl())).toList();
    if (curve.isEmpty() && measured.isEmpty()) {
      return;
    }
    LinearAxis sizes = sizes(curve, measured);
    LogAxis losses = losses(curve, measured);
    page.open(
        "svg",
        "class",
        compact ? "chart compact" : "chart wide",
        "viewBox",
        "0 0 " + Drawing.pixel(width()) + " " + Drawing.pixel(height()),
        "role",
        "img",
        "aria-labelledby",
        id);
    page.element("title", "Size in MB against KL divergence in nats, logarithmic", "id", id);
    Drawing drawing = new Drawing(page);
    grid(drawing, sizes, losses);
    curve(drawing, curve, sizes, losses);
    marks(drawing, measured, sizes, losses);
    page.close();
  }

  private double width() {
    return compact ? 400 : 960;
  }

  private double height() {
    return compact ? 360 : 420;
  }

  private double right() {
    return width() - (compact ? 160 : 190);
  }

  private double bottom() {
    return height() - 44;
  }

  private boolean near(Outcome.CurvePoint point) {
    double share = (double) point.bytes() / outcome.bytes();
    return drawable(point.loss()) && share >= NEAR_SMALLER && share <= NEAR_LARGER;
  }

  private static boolean drawable(double loss) {
    return Double.isFinite(loss) && loss > 0;
  }

  private LinearAxis sizes(List<Outcome.CurvePoint> curve, List<Outcome.Candidate> measured) {
    List<Long> all = new ArrayList<>(curve.stream().map(Outcome.CurvePoint::bytes).toList());
    measured.forEach(candidate -> all.add(candidate.bytes()));
    double smallest = all.stream().min(Comparator.naturalOrder()).orElseThrow() / 1e6;
    double largest = all.stream().max(Comparator.naturalOrder()).orElseThrow() / 1e6;
    return LinearAxis.holding(smallest, largest, compact ? 44 : 64, right());
  }

  private LogAxis losses(List<Outcome.CurvePoint> curve, List<Outcome.Candidate> measured) {
    List<Double> all = new ArrayList<>(curve.stream().map(Outcome.CurvePoint::loss).toList());
    measured.forEach(candidate -> all.add(candidate.kl()));
    double smallest = all.stream().min(Comparator.naturalOrder()).orElseThrow();
    double largest = all.stream().max(Comparator.naturalOrder()).orElseThrow();
    return LogAxis.holding(smallest, largest, 28, bottom());
  }

  private void grid(Drawing drawing, LinearAxis sizes, LogAxis losses) {
    for (double tick : losses.ticks()) {
      double y = losses.pixel(tick);
      drawing.line("grid", sizes.left(), y, right(), y);
      drawing.label("tick end", Drawing.tick(tick), sizes.left() - 8, y + 4);
    }
    for (double tick : sizes.ticks(compact ? 3 : 8)) {
      double x = sizes.pixel(tick);
      drawing.line("axis", x, bottom(), x, bottom() + 5);
      drawing.label("tick middle", Drawing.tick(tick), x, bottom() + 20);
    }
    drawing.line("axis", sizes.left(), bottom(), right(), bottom());
    drawing.label("unit", "KL divergence, nats", 4, 14);
    drawing.label("unit end", "file size, MB", right(), height() - 6);
  }

  private void curve(
      Drawing drawing, List<Outcome.CurvePoint> curve, LinearAxis sizes, LogAxis losses) {
    StringBuilder path = new StringBuilder();
    double lastX = Double.NEGATIVE_INFINITY;
    double lastY = Double.NEGATIVE_INFINITY;
    for (Outcome.CurvePoint point : curve) {
      double x = sizes.pixel(point.bytes() / 1e6);
      double y = losses.pixel(point.loss());
      if (Math.abs(x - lastX) >= RESOLUTION || Math.abs(y - lastY) >= RESOLUTION) {
        path.append(path.isEmpty() ? "M" : "L")
            .append(Drawing.pixel(x))
            .append(' ')
            .append(Drawing.pixel(y));
        lastX = x;
        lastY = y;
      }
    }
    if (!path.isEmpty()) {
      drawing.path("curve", path.toString());
    }
  }

  private void marks(
      Drawing drawing, List<Outcome.Candidate> measured, LinearAxis sizes, LogAxis losses) {
    List<Mark> marks = new ArrayList<>();
    for (Outcome.Candidate candidate : measured) {
      double error = Double.isFinite(candidate.klError()) ? candidate.klError() : 0;
      marks.add(
          new Mark(
              candidate.name(),
              candidate.ours() ? "ours" : "rival",
              sizes.pixel(candidate.bytes() / 1e6),
              losses.pixel(candidate.kl()),
              losses.pixel(Math.max(losses.smallest(), candidate.kl() - error)),
              losses.pixel(candidate.kl() + error)));
    }
    if (!measured.isEmpty() && drawable(outcome.predictedKl())) {
      double y = losses.pixel(outcome.predictedKl());
      marks.add(new Mark("predicted", "predicted", marks.getFirst().x(), y, y, y));
    }
    marks.sort(Comparator.comparingDouble(Mark::y));
    double[] rows = rows(marks);
    for (int i = 0; i < rows.length; i++) {
      label(drawing, marks.get(i), rows[i]);
    }
    for (String style : STYLES) {
      marks.stream().filter(mark -> mark.style().equals(style)).forEach(mark -> dot(drawing, mark));
    }
  }

  /// Heights of the labels: each beside its point, pushed down where two would overlap, and the
  /// whole column back up where it would leave the drawing.
  private double[] rows(List<Mark> marks) {
    double[] rows = new double[marks.size()];
    for (int i = 0; i < rows.length; i++) {
      double free = i == 0 ? 28 : rows[i - 1] + LABEL_HEIGHT;
      rows[i] = Math.max(free, marks.get(i).y());
    }
    double limit = bottom() - 4;
    for (int i = rows.length - 1; i >= 0 && rows[i] > limit; i--) {
      rows[i] = limit;
      limit -= LABEL_HEIGHT;
    }
    return rows;
  }

  private void label(Drawing drawing, Mark mark, double row) {
    double text = right() + 14;
    drawing.path(
        "leader",
        "M%s %sL%s %sL%s %s"
            .formatted(
                Drawing.pixel(mark.x()),
                Drawing.pixel(mark.y()),
                Drawing.pixel(right()),
                Drawing.pixel(row),
                Drawing.pixel(text - 4),
                Drawing.pixel(row)));
    boolean shipped = mark.label().equals(outcome.shipped());
    String words =
        mark.label().length() > LONGEST_LABEL
            ? mark.label().substring(0, LONGEST_LABEL - 1) + "…"
            : mark.label();
    drawing.label(shipped ? "name shipped" : "name", words, text, row + 4);
  }

  private static void dot(Drawing drawing, Mark mark) {
    drawing.line("error " + mark.style(), mark.x(), mark.low(), mark.x(), mark.high());
    drawing.symbol(mark.style(), mark.x(), mark.y());
  }
}
