package halftone.app.report;

import halftone.evaluation.Distribution;
import halftone.evaluation.Estimate;
import halftone.evaluation.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// What a text says about files beside their original, and about one file on each kind of text.
final class QualityTables {
  /// A file's name and quality.
  record Column(String name, Quality quality) {}

  /// A line of the table.
  private record Line(String name, Function<Quality, String> figure) {}

  private static final List<Line> LINES =
      List.of(
          new Line("Mean KL divergence, nats", quality -> plain(quality.divergence())),
          new Line("KL, median", divergence(Distribution::median)),
          new Line("KL, 90 %", divergence(Distribution::p90)),
          new Line("KL, 99 %", divergence(Distribution::p99)),
          new Line("KL, 99.9 %", divergence(Distribution::p999)),
          new Line("KL, largest", divergence(Distribution::maximum)),
          new Line("Same token first", quality -> percent(quality.sameTop())),
          new Line("Perplexity", quality -> plain(quality.perplexity())),
          new Line("Perplexity, reference", quality -> plain(quality.referencePerplexity())),
          new Line("Perplexity over reference", quality -> plain(quality.ratio())),
          new Line("Perplexity minus reference", quality -> plain(quality.difference())),
          new Line("ln of the ratio", quality -> plain(quality.logRatio())),
          new Line("Correlation of losses", quality -> Figures.percent(quality.correlation())),
          new Line("Mean Δp", quality -> percent(quality.probabilityChange())),
          new Line("RMS Δp", quality -> percent(quality.rmsProbabilityChange())),
          new Line("Δp, 1 %", quality -> Figures.percent(quality.probabilityChanges().p1())),
          new Line("Δp, median", quality -> Figures.percent(quality.probabilityChanges().median())),
          new Line("Δp, 99 %", quality -> Figures.percent(quality.probabilityChanges().p99())),
          new Line("Tokens", quality -> tokens(quality)));

  private QualityTables() {}

  static void whole(Markup page, String caption, List<Column> columns) {
    List<String> headings = new ArrayList<>(List.of("measure"));
    columns.forEach(column -> headings.add(" " + column.name()));
    HtmlTable table = new HtmlTable(page, caption, headings.toArray(String[]::new));
    for (Line line : LINES) {
      List<String> cells = new ArrayList<>(List.of(line.name()));
      columns.forEach(column -> cells.add(line.figure().apply(column.quality())));
      table.row(cells.toArray(String[]::new));
    }
    table.end();
  }

  static void kinds(Markup page, SequencedMap<String, Quality> kinds) {
    HtmlTable table =
        new HtmlTable(
            page,
            "Ours on each kind of text",
            "kind",
            " tokens",
            " mean KL, nats",
            " KL 99.9 %",
            " same top",
            " ppl over reference");
    kinds.forEach(
        (kind, quality) ->
            table.row(
                kind,
                tokens(quality),
                plain(quality.divergence()),
                Figures.number(quality.divergences().p999()),
                percent(quality.sameTop()),
                plain(quality.ratio())));
    table.end();
  }

  private static Function<Quality, String> divergence(Function<Distribution, Double> percentile) {
    return quality -> Figures.number(percentile.apply(quality.divergences()));
  }

  private static String tokens(Quality quality) {
    return Figures.count(quality.tokens());
  }

  private static String plain(Estimate estimate) {
    return Figures.estimate(estimate.value(), estimate.error());
  }

  private static String percent(Estimate estimate) {
    return Figures.percent(estimate.value(), estimate.error());
  }
}
