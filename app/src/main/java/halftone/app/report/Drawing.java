package halftone.app.report;

import java.util.Locale;

/// The strokes of the charts, as SVG. Symbols differ in shape as well as in colour.
record Drawing(Markup page) {
  void line(String style, double fromX, double fromY, double toX, double toY) {
    page.leaf(
        "line",
        "class",
        style,
        "x1",
        pixel(fromX),
        "y1",
        pixel(fromY),
        "x2",
        pixel(toX),
        "y2",
        pixel(toY));
  }

  /// @param path moves and lines, as SVG writes them
  void path(String style, String path) {
    page.leaf("path", "class", style, "d", path);
  }

  void label(String style, String text, double x, double y) {
    page.element("text", text, "class", style, "x", pixel(x), "y", pixel(y));
  }

  /// Ours is a disc, a rival a square, a prediction a ring.
  void symbol(String style, double x, double y) {
    if (style.equals("rival")) {
      page.leaf(
          "rect",
          "class",
          "symbol rival",
          "x",
          pixel(x - 5),
          "y",
          pixel(y - 5),
          "width",
          "10",
          "height",
          "10");
    } else {
      page.leaf("circle", "class", "symbol " + style, "cx", pixel(x), "cy", pixel(y), "r", "5.5");
    }
  }

  static String pixel(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /// The shortest decimal: `0.001`, `0.2`, `150`; far below one as a power, `1e−5`.
  static String tick(double value) {
    if (Math.abs(value) < 5e-4 && value != 0) {
      return String.format(Locale.ROOT, "%.0e", value).replace("e-0", "e-").replace("-", "−");
    }
    String text = String.format(Locale.ROOT, "%.6f", value);
    return text.replaceFirst("\\.?0+$", "").replace("-", "−");
  }
}
