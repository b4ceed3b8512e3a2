package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;
import java.nio.file.Path;

/// Everything about one file.
///
/// @param id unique in the page; all ids in the article start with it
record OutcomeArticle(Outcome outcome, String id) {
  void write(Markup page) {
    page.open("article", "id", id, "aria-labelledby", id + "-name");
    headline(page);
    candidates(page);
    map(page);
    quality(page);
    tensors(page);
    provenance(page);
    page.close();
  }

  private void headline(Markup page) {
    Verdict verdict = new Verdict(outcome);
    page.open("header").element("p", "Quantized from " + name(outcome.model()), "class", "quiet");
    page.element("h1", name(outcome.output()), "id", id + "-name");
    page.open("dl", "class", "tiles");
    tile(page, "Size", Figures.megabytes(outcome.bytes()), "MB");
    tile(page, "Bits per weight", Figures.number(outcome.bitsPerWeight()), "");
    Quality quality = verdict.quality();
    if (quality == null) {
      tile(page, "Predicted KL", Figures.number(outcome.predictedKl()), "nats, not measured");
    } else {
      tile(page, "Mean KL divergence", quality.divergence(), 1, "nats");
      tile(page, "Same token first", quality.sameTop(), 100, "%");
    }
    page.close();
    page.open("section", "class", "verdict").open("div");
    page.element("h2", verdict.claim());
    page.element("p", "Shipped: " + outcome.shipped() + ". " + verdict.explanation()).close();
    Outcome.Verification verification = outcome.verification();
    PairedComparison paired = verification == null ? null : verification.paired();
    if (paired != null) {
      page.open("figure");
      new IntervalChart(paired).write(page, id + "-interval");
      page.element("figcaption", "Ours minus the rival's: " + Verdict.interval(paired)).close();
    }
    page.close().close();
  }

  private static void tile(Markup page, String name, Estimate estimate, double unit, String words) {
    String[] parts =
        Figures.estimate(unit * estimate.value(), unit * estimate.error()).split(" ", 2);
    tile(page, name, parts[0], parts.length > 1 ? parts[1] + " " + words : words);
  }

  private static void tile(Markup page, String name, String figure, String rest) {
    page.open("div").element("dt", name).open("dd").text(figure);
    if (!rest.isEmpty()) {
      page.text(" ").element("span", rest);
    }
    page.close().close();
  }

  private void candidates(Markup page) {
    page.open("section").element("h2", "Size against loss");
    page.open("figure");
    new ParetoChart(outcome, false).write(page, id + "-curve-wide");
    new ParetoChart(outcome, true).write(page, id + "-curve-compact");
    page.element(
        "figcaption",
        "Line: predicted loss of the best choice of formats for every size. Points: files measured"
            + " on the allocation text, with one standard error; discs are ours, squares are"
            + " presets and uniform files, the ring is what was predicted for ours.");
    page.close();
    page.open("div", "class", "pair");
    HtmlTable table =
        new HtmlTable(
            page,
            "Candidates on the allocation text",
            "candidate",
            " size",
            " predicted KL, nats",
            " mean KL, nats",
            "");
    for (Outcome.Candidate candidate : outcome.candidates()) {
      boolean shipped = candidate.name().equals(outcome.shipped());
      table.row(
          shipped,
          candidate.name(),
          Figures.bytes(candidate.bytes()),
          Figures.number(candidate.predictedKl()),
          Figures.estimate(candidate.kl(), candidate.klError()),
          shipped ? "shipped" : "");
    }
    table.end();
    prediction(page);
    page.close().close();
  }

  private void map(Markup page) {
    page.open("section").element("h2", "What each tensor became");
    page.element("p", "Press a cell for the reason and the alternatives.", "class", "quiet");
    page.open("div", "class", "pair").open("div", "class", "fit");
    new TensorMap(outcome.tensors(), id + "-t").write(page);
    page.close();
    shares(page, FormatShares.of(outcome.tensors()));
    page.close().close();
  }

  private static void shares(Markup page, FormatShares shares) {
    HtmlTable table =
        new HtmlTable(
            page, "Formats", "format", " bits per weight", " tensors", " bytes", " share");
    for (FormatShares.Share share : shares.shares()) {
      table.row(
          share.format(),
          Figures.number(BitsScale.bitsPerWeight(share.format())),
          Integer.toString(share.tensors()),
          Figures.bytes(share.bytes()),
          Figures.percent(shares.fraction(share)));
    }
    table.end();
  }

  private void quality(Markup page) {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return;
    }
    page.open("section").element("h2", "Quality");
    QualityTables tables = new QualityTables(verification);
    page.open("div", "class", "pair");
    tables.whole(page);
    if (!verification.kinds().isEmpty()) {
      tables.kinds(page);
    }
    page.close().close();
  }

  private void prediction(Markup page) {
    HtmlTable table =
        new HtmlTable(
            page,
            "Our choice, predicted against realised",
            "where",
            " mean KL, nats",
            " over predicted");
    table.row("predicted by the loss table", Figures.number(outcome.predictedKl()), "");
    for (Outcome.Candidate candidate : outcome.candidates()) {
      if (candidate.ours()) {
        realised(
            table,
            "allocation text, " + candidate.name(),
            new Estimate(candidate.kl(), candidate.klError()));
      }
    }
    Outcome.Verification verification = outcome.verification();
    if (verification != null) {
      realised(table, "verification text, ours", verification.ours().divergence());
    }
    table.end();
  }

  private void realised(HtmlTable table, String where, Estimate kl) {
    table.row(
        where,
        Figures.estimate(kl.value(), kl.error()),
        Figures.number(kl.value() / outcome.predictedKl()));
  }

  private void tensors(Markup page) {
    page.open("section").element("h2", "All tensors");
    HtmlTable table =
        new HtmlTable(
            page,
            "Tensors in file order",
            "tensor",
            "shape",
            "format",
            " size",
            " predicted loss, nats",
            "reason ");
    for (Outcome.TensorChoice tensor : outcome.tensors()) {
      table.row(
          tensor.name(),
          tensor.shape(),
          tensor.format(),
          Figures.bytes(tensor.bytes()),
          Figures.number(tensor.loss()),
          tensor.reason());
    }
    table.end();
    page.close();
  }

  private void provenance(Markup page) {
    page.open("section").element("h2", "Provenance");
    HtmlTable table = new HtmlTable(page, "As written into the file", "key", "value ");
    outcome.provenance().forEach(table::row);
    table.end();
    HtmlTable times = new HtmlTable(page, "Times", "step", " time");
    outcome.times().forEach((step, time) -> times.row(step, Figures.time(time)));
    times.end();
    page.close();
  }

  /// A path's last name.
  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
