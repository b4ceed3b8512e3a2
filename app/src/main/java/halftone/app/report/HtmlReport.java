package halftone.app.report;

import halftone.recipe.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// One page for a run, complete in itself: it loads nothing, and runs no script. Well-formed as XML
/// too.
public final class HtmlReport {
  private HtmlReport() {}

  /// Writes the page, in UTF-8, over what is there.
  ///
  /// @throws IllegalArgumentException without outcomes
  public static void write(Path path, List<Outcome> outcomes) throws IOException {
    Files.writeString(path, page(outcomes), StandardCharsets.UTF_8);
  }

  static String page(List<Outcome> outcomes) {
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("a report needs an outcome");
    }
    Markup page = new Markup();
    page.open("html", "lang", "en");
    head(page, outcomes);
    page.open("body").open("main");
    if (outcomes.size() > 1) {
      overview(page, outcomes);
    }
    for (int i = 0; i < outcomes.size(); i++) {
      new OutcomeArticle(outcomes.get(i), "f" + i).write(page);
    }
    page.close();
    page.element(
        "footer",
        "Written by Halftone. Sizes in MB of 10⁶ bytes, losses in nats, ± one"
            + " standard error.");
    return page.close().close().page();
  }

  private static void head(Markup page, List<Outcome> outcomes) {
    page.open("head").leaf("meta", "charset", "utf-8");
    page.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.leaf("meta", "name", "color-scheme", "content", "light dark");
    page.leaf(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    page.leaf("link", "rel", "icon", "href", "data:,");
    page.element("title", OutcomeArticle.name(outcomes.getFirst().output()) + " · Halftone");
    page.element("style", styleSheet()).close();
  }

  private static void overview(Markup page, List<Outcome> outcomes) {
    page.open("nav", "aria-label", "Files of this run").open("ul");
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      page.open("li");
      page.element("a", OutcomeArticle.name(outcome.output()), "href", "#f" + i);
      page.text(" " + Figures.bytes(outcome.bytes())).close();
    }
    page.close().close();
  }

  /// Without `<`, `>` and `&`, which HTML would not unescape there.
  private static String styleSheet() {
    try (InputStream style =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"), "report.css")) {
      return new String(style.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
