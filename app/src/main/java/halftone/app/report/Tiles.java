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
    add(name, parts[0], parts.length > 1 ? parts[1] + " " + words : words);
  }

  void add(String name, String figure, String rest) {
    page.open("div").element("dt", name).open("dd").text(figure);
    if (!rest.isEmpty()) {
      page.text(" ").element("span", rest);
    }
    page.close().close();
  }

  void end() {
    page.close();
  }
}
