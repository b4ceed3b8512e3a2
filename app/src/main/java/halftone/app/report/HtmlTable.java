package halftone.app.report;

import java.util.List;

/// A table with a caption and headings, that scrolls by itself where the screen is narrow. A
/// heading that starts with a space marks a column of numbers, set to the right; one that ends with
/// a space, a column of long text. The first cell of a row is its heading.
final class HtmlTable {
  private final Markup page;
  private final List<String> headings;

  HtmlTable(Markup page, String caption, String... headings) {
    this.page = page;
    this.headings = List.of(headings);
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", caption);
    page.open("table").element("caption", caption).open("thead").open("tr");
    for (String heading : headings) {
      page.element("th", heading.strip(), "scope", "col", "class", style(heading));
    }
    page.close().close().open("tbody");
  }

  HtmlTable row(String... cells) {
    return row(false, cells);
  }

  /// @param marked stands out
  HtmlTable row(boolean marked, String... cells) {
    page.open("tr", "class", marked ? "marked" : "");
    for (int i = 0; i < cells.length; i++) {
      String style = style(headings.get(i));
      if (i == 0) {
        page.element("th", cells[i], "scope", "row", "class", style);
      } else {
        page.element("td", cells[i], "class", style);
      }
    }
    page.close();
    return this;
  }

  private static String style(String heading) {
    return heading.startsWith(" ") ? "number" : heading.endsWith(" ") ? "long" : "";
  }

  void end() {
    page.close().close().close();
  }
}
