package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;
import java.nio.file.Path;
import java.util.List;

/// Everything about one file.
///
/// @param options of the run beside its budget and output
/// @param id unique in the page; all ids in the article start with it
record OutcomeArticle(Outcome outcome, List<String> options, String id) {
  void write(Markup page) {
    page.open("article", "id", id, "aria-labelledby", id + "-name");
    contents(page);
    new Headline(outcome, id).write(page);
    new SizeExplorer(outcome, new CurveJson(outcome, options), id).write(page);
    candidates(page);
    quality(page);
    tensors(page);
    provenance(page);
    page.close();
  }

  private void contents(Markup page) {
    page.open("nav", "class", "contents", "aria-label", "Sections of " + name(outcome.output()))
        .open("ul");
    link(page, "sizes", "Sizes and tensors");
    link(page, "candidates", "Candidates");
    if (outcome.verification() != null) {
      link(page, "quality", "Quality");
    }
    link(page, "tensors", "All tensors");
    link(page, "provenance", "Provenance");
    page.close().close();
  }

  private void link(Markup page, String section, String words) {
    page.open("li").element("a", words, "href", "#" + id + "-" + section).close();
  }

  private Markup section(Markup page, String name, String heading) {
    return page.open("section", "class", name, "id", id + "-" + name).element("h2", heading);
  }

  private void candidates(Markup page) {
    section(page, "candidates", "Candidates");
    page.open("div", "class", "pair");
    HtmlTable table =
        new HtmlTable(
            page, "Candidates on the allocation text", "candidate", " size", " mean KL, nats", "");
    for (Outcome.Candidate candidate : outcome.candidates()) {
      boolean shipped = candidate.name().equals(outcome.shipped());
      table.row(
          shipped,
          candidate.name(),
          Figures.bytes(candidate.bytes()),
          Figures.estimate(candidate.kl(), candidate.klError()),
          shipped ? "shipped" : "");
    }
    table.end();
    prediction(page);
    page.close().close();
  }

  private void quality(Markup page) {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return;
    }
    section(page, "quality", "Quality");
    Quality rival = verification.rivalQuality();
    List<QualityTables.Column> columns =
        rival == null
            ? List.of(new QualityTables.Column("ours", verification.ours()))
            : List.of(
                new QualityTables.Column("ours", verification.ours()),
                new QualityTables.Column(String.valueOf(verification.rival()), rival));
    page.open("figure");
    new QuantileChart(columns).write(page, id + "-quantiles");
    page.element("figcaption", QuantileChart.CAPTION).close();
    page.open("div", "class", "pair");
    QualityTables.whole(page, "Quality against the unquantized model", columns);
    if (!verification.kinds().isEmpty()) {
      QualityTables.kinds(page, verification.kinds());
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
    section(page, "tensors", "All tensors");
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
    section(page, "provenance", "Provenance");
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
