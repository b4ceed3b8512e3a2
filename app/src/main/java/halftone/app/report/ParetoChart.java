package halftone.app.report;

import halftone.recipe.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/// Size against loss: the predicted curve of the best choices over all its sizes, and the measured
/// files as labelled points with their standard errors. The labels stand at the upper right, where
/// a falling curve leaves room.
record ParetoChart(Outcome outcome, Frame frame) {
  /// A drawing for one width of screen, so that its letters are legible there; the style sheet
  /// shows the one that fits, and knows the margins.
  enum Frame {
    NARROW("compact", 344, 330, 44, 3),
    WIDE("wide", 560, 380, 52, 6);

    static final double RIGHT_MARGIN = 14;

    final String style;
    final double width;
    final double height;
    final double left;
    final int ticks;

    Frame(String style, double width, double height, double left, int ticks) {
      this.style = style;
      this.width = width;
      this.height = height;
      this.left = left;
      this.ticks = ticks;
    }

    double right() {
      return width - RIGHT_MARGIN;
    }

    double bottom() {
      return height - 40;
    }
  }

  private static final double TOP = 26;
  private static final double LABEL_HEIGHT = 18;
  private static final double LETTER = 7.2;
  private static final int LONGEST_LABEL = 24;

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
    List<Outcome.CurvePoint> curve =
        outcome.curve().stream().filter(point -> drawable(point.loss())).toList();
    List<Outcome.Candidate> measured =
        outcome.candidates().stream().filter(candidate -> drawable(candidate.kl())).toList();
    if (curve.isEmpty() && measured.isEmpty()) {
      return;
    }
    LinearAxis sizes = sizes(measured);
    LogAxis losses = losses(curve, measured);
    open(page, id, sizes, losses);
    Drawing drawing = new Drawing(page);
    grid(drawing, sizes, losses);
    curve(drawing, curve, sizes, losses);
    marks(drawing, measured, sizes, losses);
    cursor(page);
    page.close();
  }

  /// The script finds the axes in the drawing's data: ends as values, then as pixels.
  private void open(Markup page, String id, LinearAxis sizes, LogAxis losses) {
    page.open(
        "svg",
        "class",
        "chart " + frame.style,
        "viewBox",
        "0 0 " + Drawing.pixel(frame.width) + " " + Drawing.pixel(frame.height),
        "role",
        "img",
        "aria-labelledby",
        id,
        "data-sizes",
        ends(1e6 * sizes.smallest(), 1e6 * sizes.largest(), sizes.left(), sizes.right()),
        "data-losses",
        ends(losses.smallest(), losses.largest(), losses.bottom(), losses.top()));
    page.element("title", "Size in MB against KL divergence in nats, logarithmic", "id", id);
  }

  private static String ends(double... values) {
    return String.join(" ", DoubleStream.of(values).mapToObj(Double::toString).toList());
  }

  private static boolean drawable(double loss) {
    return Double.isFinite(loss) && loss > 0;
  }

  /// From the smallest size to the largest, without air: the slider's ends lie below.
  private LinearAxis sizes(List<Outcome.Candidate> measured) {
    List<Double> all =
        new ArrayList<>(outcome.curve().stream().map(point -> point.bytes() / 1e6).toList());
    measured.forEach(candidate -> all.add(candidate.bytes() / 1e6));
    all.add(outcome.bytes() / 1e6);
    double smallest = all.stream().min(Comparator.naturalOrder()).orElseThrow();
    double largest = all.stream().max(Comparator.naturalOrder()).orElseThrow();
    return smallest < largest
        ? new LinearAxis(smallest, largest, frame.left, frame.right())
        : LinearAxis.holding(smallest, largest, frame.left, frame.right());
  }

  private LogAxis losses(List<Outcome.CurvePoint> curve, List<Outcome.Candidate> measured) {
    List<Double> all = new ArrayList<>(curve.stream().map(Outcome.CurvePoint::loss).toList());
    measured.forEach(candidate -> all.add(candidate.kl()));
    double smallest = all.stream().min(Comparator.naturalOrder()).orElseThrow();
    double largest = all.stream().max(Comparator.naturalOrder()).orElseThrow();
    return LogAxis.holding(smallest, largest, TOP, frame.bottom());
  }

  private void grid(Drawing drawing, LinearAxis sizes, LogAxis losses) {
    for (double tick : losses.ticks()) {
      double y = losses.pixel(tick);
      drawing.line("grid", frame.left, y, frame.right(), y);
      drawing.label("tick end", Drawing.tick(tick), frame.left - 7, y + 4);
    }
    for (double tick : sizes.ticks(frame.ticks)) {
      double x = sizes.pixel(tick);
      drawing.line("axis", x, frame.bottom(), x, frame.bottom() + 5);
      drawing.label("tick middle", Drawing.tick(tick), x, frame.bottom() + 19);
    }
    drawing.line("axis", frame.left, frame.bottom(), frame.right(), frame.bottom());
    drawing.label("unit", "KL divergence, nats", 2, 13);
    drawing.label("unit end", "file size, MB", frame.right(), frame.height - 5);
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
    labels(drawing, marks);
    for (String style : STYLES) {
      marks.stream().filter(mark -> mark.style().equals(style)).forEach(mark -> dot(drawing, mark));
    }
  }

  /// One above the other in the order of the points, the lowest well above the lowest point.
  private void labels(Drawing drawing, List<Mark> marks) {
    int longest = marks.stream().mapToInt(mark -> words(mark).length()).max().orElse(0);
    double column = frame.right() - LETTER * longest;
    double right = marks.stream().mapToDouble(Mark::x).max().orElse(0);
    double lowest = marks.isEmpty() ? 0 : marks.getLast().y() - 2 * LABEL_HEIGHT;
    double first = Math.max(TOP + 14, lowest - LABEL_HEIGHT * (marks.size() - 1));
    for (int i = 0; i < marks.size(); i++) {
      label(drawing, marks.get(i), Math.max(column, right + 20), first + i * LABEL_HEIGHT);
    }
  }

  private static String words(Mark mark) {
    return mark.label().length() > LONGEST_LABEL
        ? mark.label().substring(0, LONGEST_LABEL - 1) + "…"
        : mark.label();
  }

  private void label(Drawing drawing, Mark mark, double column, double row) {
    drawing.path(
        "leader",
        "M%s %sL%s %s"
            .formatted(
                Drawing.pixel(mark.x()),
                Drawing.pixel(mark.y()),
                Drawing.pixel(column - 5),
                Drawing.pixel(row - 4)));
    boolean shipped = mark.label().equals(outcome.shipped());
    drawing.label(shipped ? "name shipped" : "name", words(mark), column, row);
  }

  private static void dot(Drawing drawing, Mark mark) {
    drawing.line("error " + mark.style(), mark.x(), mark.low(), mark.x(), mark.high());
    drawing.symbol(mark.style(), mark.x(), mark.y());
  }

  /// Where the slider stands; the script moves it and makes it visible.
  private void cursor(Markup page) {
    page.open("g", "class", "cursor");
    new Drawing(page).line("axis", 0, TOP, 0, frame.bottom());
    page.leaf("circle", "cx", "0", "cy", "0", "r", "6").close();
  }
}
