package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.evaluation.Quality;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The page of an evaluation: one file, which loads nothing.
public final class EvaluationHtml {
  private EvaluationHtml() {}

  /// Writes what a file is beside its reference, in UTF-8, over what is there.
  public static void write(Path path, EvaluatedFile file, Quality quality) throws IOException {
    Files.writeString(path, page(file, quality), StandardCharsets.UTF_8);
  }

  /// Writes a perplexity alone.
  ///
  /// @param tokens scored ones
  public static void write(Path path, EvaluatedFile file, Estimate perplexity, int tokens)
      throws IOException {
    Files.writeString(path, page(file, perplexity, tokens), StandardCharsets.UTF_8);
  }

  static String page(EvaluatedFile file, Quality quality) {
    return Page.of(
        OutcomeArticle.name(file.file()),
        page -> {
          Tiles tiles = open(page, file, sentence(file, quality));
          tiles.add("Mean KL divergence", quality.divergence(), 1, "nats");
          tiles.add("Same token first", quality.sameTop(), 100, "%");
          tiles.add("Perplexity ratio", quality.ratio(), 1, "");
          tiles.end();
          page.close().open("section").element("h2", "Quality").open("div", "class", "pair");
          List<QualityTables.Column> columns =
              List.of(new QualityTables.Column("this file", quality));
          QualityTables.whole(page, "Against the reference", columns);
          page.open("figure");
          new QuantileChart(columns).write(page, "quantiles");
          page.element("figcaption", QuantileChart.CAPTION).close().close().close();
          close(page, file);
        });
  }

  static String page(EvaluatedFile file, Estimate perplexity, int tokens) {
    return Page.of(
        OutcomeArticle.name(file.file()),
        page -> {
          String value = Figures.estimate(perplexity.value(), perplexity.error());
          Tiles tiles = open(page, file, "Perplexity " + value + " on " + file.text() + ".");
          tiles.add("Perplexity", perplexity, 1, "");
          tiles.add("Tokens scored", Figures.count(tokens), "");
          tiles.end();
          page.close();
          close(page, file);
        });
  }

  private static String sentence(EvaluatedFile file, Quality quality) {
    return "It puts the same token first as %s in %s of places; its mean KL divergence is %s nats."
        .formatted(
            file.reference() == null
                ? "its reference"
                : OutcomeArticle.name(Path.of(file.reference())),
            Figures.percent(quality.sameTop().value()),
            Figures.number(quality.divergence().value()));
  }

  private static Tiles open(Markup page, EvaluatedFile file, String sentence) {
    page.open("article", "aria-labelledby", "name").open("header");
    page.element("p", "Evaluated on " + file.text(), "class", "quiet path");
    page.element("h1", OutcomeArticle.name(file.file()), "id", "name");
    page.element("p", sentence.replace(" %", "\u00a0%"), "class", "lead");
    Tiles tiles = new Tiles(page);
    tiles.add("Size", Figures.megabytes(file.bytes()), "MB");
    tiles.add("Bits per weight", Figures.number(file.bitsPerWeight()), "");
    return tiles;
  }

  private static void close(Markup page, EvaluatedFile file) {
    page.open("section").element("h2", "How it was measured");
    HtmlTable table = new HtmlTable(page, "Measurement", "what", "value ");
    table.row("file", file.file().toString());
    if (file.reference() != null) {
      table.row("reference", file.reference());
    }
    table.row("text", file.text());
    table.row("chunks", Figures.count(file.chunks()));
    table.row("tokens a chunk", Figures.count(file.context()));
    table.row("arithmetic", file.arithmetic());
    table.end();
    page.close().close();
  }
}
