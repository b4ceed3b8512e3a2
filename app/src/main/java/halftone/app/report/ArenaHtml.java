package halftone.app.report;

import halftone.recipe.Ablation;
import halftone.recipe.Leaderboard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The page of an arena: one file, which loads nothing.
public final class ArenaHtml {
  private ArenaHtml() {}

  /// Writes the page, in UTF-8, over what is there.
  ///
  /// @param model what the contestants quantized
  /// @param boards one or more
  public static void write(Path path, Path model, List<Leaderboard> boards) throws IOException {
    Files.writeString(path, page(model, boards), StandardCharsets.UTF_8);
  }

  static String page(Path model, List<Leaderboard> boards) {
    return Page.of(
        "Methods on " + OutcomeArticle.name(model),
        page -> {
          page.open("article", "aria-labelledby", "name").open("header");
          page.element("p", "Compared on " + OutcomeArticle.name(model), "class", "quiet path");
          page.element("h1", "Methods side by side", "id", "name");
          page.element("p", Figures.unbroken(sentence(boards)), "class", "lead").close();
          for (int i = 0; i < boards.size(); i++) {
            board(page, boards.get(i), "b" + i);
          }
          ablations(page, boards);
          page.close();
        });
  }

  private static String sentence(List<Leaderboard> boards) {
    SequencedMap<String, Integer> firsts = new LinkedHashMap<>();
    for (Leaderboard board : boards) {
      board.standings().stream()
          .findFirst()
          .ifPresent(first -> firsts.merge(first.contestant(), 1, Integer::sum));
    }
    if (firsts.isEmpty()) {
      return "No contestant has a file that fits.";
    }
    Map.Entry<String, Integer> most =
        Collections.max(firsts.entrySet(), Map.Entry.comparingByValue());
    return "%s loses least at %d of %d sizes, on text that no contestant reads."
        .formatted(most.getKey(), most.getValue(), boards.size());
  }

  private static void board(Markup page, Leaderboard board, String id) {
    String heading = board.budget().label() + ": at most " + Figures.bytes(board.limit());
    page.open("section").element("h2", heading);
    if (!board.standings().isEmpty()) {
      page.open("figure");
      new StandingsChart(board.standings()).write(page, id + "-chart");
      page.element(
          "figcaption", "Mean KL divergence, nats, with two standard errors to either side.");
      page.close();
    }
    HtmlTable table =
        new HtmlTable(
            page,
            "Leaderboard at " + board.budget().label(),
            "method",
            " size",
            " bits per weight",
            " mean KL, nats",
            " above the first, 95 % interval",
            " same top",
            " time");
    for (Leaderboard.Standing standing : board.standings()) {
      table.row(
          standing.toFirst() == null,
          LeaderboardText.name(standing),
          Figures.bytes(standing.bytes()),
          Figures.number(standing.bitsPerWeight()),
          LeaderboardText.divergence(standing),
          LeaderboardText.difference(standing),
          Figures.percent(
              standing.quality().sameTop().value(), standing.quality().sameTop().error()),
          Figures.time(standing.time()));
    }
    table.end();
    for (String absent : board.absent()) {
      page.element("p", absent + ": no file of it fits.", "class", "quiet");
    }
    page.close();
  }

  private static void ablations(Markup page, List<Leaderboard> boards) {
    List<Ablation> all = boards.stream().map(Ablation::of).flatMap(List::stream).toList();
    if (all.isEmpty()) {
      return;
    }
    page.open("section").element("h2", "What a part earns");
    HtmlTable table =
        new HtmlTable(
            page,
            "Loss with a part over loss without it",
            "part",
            "behind",
            "size",
            " loss",
            " time");
    for (Ablation each : all) {
      table.row(
          each.part(),
          each.without(),
          each.budget().label(),
          "× " + Figures.number(each.loss()),
          Figures.time(each.time()));
    }
    table.end();
    page.close();
  }
}
