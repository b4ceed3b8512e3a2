package halftone.app.report;

import halftone.evaluation.Estimate;

/// The few figures that a page begins with.
final class Tiles {
  private final Markup page;

  Tiles(Markup page) {
    this.page = page;
    page.open("dl", "class", "tiles");
  }

  /// A value, and its error in smaller letters.
  ///
  /// @param scale what the value is multiplied by, 100 for per cent
  void add(String name, Estimate estimate, double scale, String words) {
    String[] parts =
        Figures.estimate(scale * estimate.value(), scale * estimate.error()).split(" ", 2);
    boolean error = parts.length > 1;
    add(name, parts[0], error ? parts[1] + " " + words : words, error ? "error" : "unit");
  }

  void add(String name, String figure, String unit) {
    add(name, figure, unit, "unit");
  }

  private void add(String name, String figure, String rest, String style) {
    page.open("div").element("dt", name).open("dd").text(figure);
    if (!rest.isEmpty()) {
      page.text(" ").element("span", rest, "class", style);
    }
    page.close().close();
  }

  void end() {
    page.close();
  }
}
