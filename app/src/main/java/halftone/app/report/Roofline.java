package halftone.app.report;

import halftone.speed.SpeedReport;
import java.io.PrintStream;
import java.util.Arrays;

/// What a machine allows, and where a model stands below it: products a second over products for
/// each byte of weights, both logarithmic. The slope is the memory, the level the multipliers.
///
/// Source: Williams, Waterman and Patterson, "Roofline: an insightful visual performance model",
/// 2009.
final class Roofline {
  private static final int WIDTH = 56;
  private static final int HEIGHT = 10;

  private final SpeedReport report;
  private final LogAxis across;
  private final LogAxis up;

  /// @param right, left, top, bottom where the drawing ends
  Roofline(SpeedReport report, double right, double left, double top, double bottom) {
    this.report = report;
    double decode = report.decodeIntensity();
    this.across = LogAxis.holding(decode / 2, 2 * report.prefillIntensity(), right, left);
    double lowest = decode * Math.min(report.decodeBytes(), report.machine().bytes()) / 2;
    this.up = LogAxis.holding(lowest, 2 * report.mostProducts(), top, bottom);
  }

  private double roof(double intensity) {
    return Math.min(report.mostProducts(), intensity * report.machine().bytes());
  }

  private double decodeProducts() {
    return report.decodeIntensity() * report.decodeBytes();
  }

  /// Draws with characters.
  static void print(PrintStream out, SpeedReport report) {
    new Roofline(report, WIDTH - 1.0, 0, 0, HEIGHT - 1.0).print(out);
  }

  private void print(PrintStream out) {
    char[][] cells = new char[HEIGHT][WIDTH];
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
    for (int x = 0; x < WIDTH; x++) {
      double share = x / (WIDTH - 1.0);
      double intensity = across.smallest() * Math.pow(across.largest() / across.smallest(), share);
      double roof = roof(intensity);
      if (roof >= up.smallest()) {
        cells[(int) Math.round(up.pixel(roof))][x] = roof < report.mostProducts() ? '/' : '_';
      }
    }
    mark(cells, report.decodeIntensity(), decodeProducts(), 'D');
    mark(cells, report.prefillIntensity(), report.prefillProducts(), 'P');
    for (int y = 0; y < HEIGHT; y++) {
      String label = y == 0 ? "Gmac/s " : "";
      out.println(("%8s|".formatted(label) + new String(cells[y])).stripTrailing());
    }
    out.println("        +" + "-".repeat(WIDTH) + " products a byte");
  }

  private void mark(char[][] cells, double intensity, double products, char mark) {
    int x = (int) Math.round(across.pixel(intensity));
    cells[(int) Math.round(up.pixel(products))][x] = mark;
  }

  /// Draws on a page.
  ///
  /// @param id unique in the page
  static void write(Markup page, SpeedReport report, String id) {
    new Roofline(report, 350, 46, 12, 190).write(page, id);
  }

  private void write(Markup page, String id) {
    page.open(
        "svg", "class", "interval", "viewBox", "0 0 360 226", "role", "img", "aria-labelledby", id);
    page.element("title", "Products a second over products for each byte of weights", "id", id);
    Drawing drawing = new Drawing(page);
    for (double tick : across.ticks()) {
      double x = across.pixel(tick);
      drawing.line("grid", x, up.top(), x, up.bottom());
      drawing.label("tick middle", Drawing.tick(tick), x, up.bottom() + 16);
    }
    for (double tick : up.ticks()) {
      drawing.line("grid", across.bottom(), up.pixel(tick), across.top(), up.pixel(tick));
      drawing.label("tick", Drawing.tick(tick / 1e9), 2, up.pixel(tick) + 4);
    }
    drawing.label("tick middle", "products for each byte of weights", 200, up.bottom() + 32);
    double corner = report.mostProducts() / report.machine().bytes();
    double from = Math.max(across.smallest(), up.smallest() / report.machine().bytes());
    line(drawing, from, roof(from), corner, roof(corner));
    line(drawing, corner, roof(corner), across.largest(), roof(across.largest()));
    point(drawing, "decode", report.decodeIntensity(), decodeProducts());
    point(drawing, "prefill", report.prefillIntensity(), report.prefillProducts());
    page.close();
  }

  private void line(Drawing drawing, double x, double y, double toX, double toY) {
    drawing.line("error rival", across.pixel(x), up.pixel(y), across.pixel(toX), up.pixel(toY));
  }

  private void point(Drawing drawing, String name, double intensity, double products) {
    drawing.symbol("ours", across.pixel(intensity), up.pixel(products));
    drawing.label("name", name, across.pixel(intensity) - 14, up.pixel(products) + 20);
  }
}
