package halftone.app.report;

import halftone.recipe.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One page for a run, complete in itself: it loads nothing. Its script moves the slider over the
/// predicted curve; without it the page shows the same file, chart and tables. Well-formed as XML
/// too.
public final class HtmlReport {
  private HtmlReport() {}

  /// Writes the page, in UTF-8, over what is there.
  ///
  /// @param options of the run beside its budget and output: what another size's command repeats
  /// @throws IllegalArgumentException without outcomes
  public static void write(Path path, List<Outcome> outcomes, List<String> options)
      throws IOException {
    Files.writeString(path, page(outcomes, options), StandardCharsets.UTF_8);
  }

  static String page(List<Outcome> outcomes, List<String> options) {
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("a report needs an outcome");
    }
    return Page.of(
        OutcomeArticle.name(outcomes.getFirst().output()),
        page -> {
          if (outcomes.size() > 1) {
            overview(page, outcomes);
          }
          for (int i = 0; i < outcomes.size(); i++) {
            new OutcomeArticle(outcomes.get(i), options, "f" + i).write(page);
          }
        });
  }

  private static void overview(Markup page, List<Outcome> outcomes) {
    page.open("nav", "class", "files", "aria-label", "Files of this run").open("ul");
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      page.open("li");
      page.element("a", OutcomeArticle.name(outcome.output()), "href", "#f" + i);
      page.text(" " + Figures.bytes(outcome.bytes())).close();
    }
    page.close().close();
  }
}
