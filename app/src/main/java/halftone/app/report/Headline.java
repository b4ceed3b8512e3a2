package halftone.app.report;

import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;

/// The top of an article: the verdict in one sentence, the figures that matter, and what the claim
/// rests on.
record Headline(Outcome outcome, String id) {
  void write(Markup page) {
    Verdict verdict = new Verdict(outcome);
    page.open("header").open("p", "class", "quiet path");
    page.text("Quantized from " + OutcomeArticle.name(outcome.model())).close();
    page.element("h1", OutcomeArticle.name(outcome.output()), "id", id + "-name");
    page.element("p", Figures.unbroken(verdict.sentence()), "class", "lead");
    Tiles tiles = new Tiles(page);
    tiles.add("Size", Figures.megabytes(outcome.bytes()), "MB");
    tiles.add("Bits per weight", Figures.number(outcome.bitsPerWeight()), "");
    Quality quality = verdict.quality();
    if (quality == null) {
      tiles.add("Predicted KL", Figures.number(outcome.predictedKl()), "nats, not measured");
    } else {
      tiles.add("Mean KL divergence", quality.divergence(), 1, "nats");
      tiles.add("Same token first", quality.sameTop(), 100, "%");
    }
    tiles.end();
    if (outcome.memory() != null) {
      page.element("p", MemoryWords.of(outcome.memory(), outcome.bytes()) + ".", "class", "quiet");
    }
    page.open("section", "class", "verdict").open("div");
    page.element("h2", "Why this file");
    page.element("p", "Shipped: " + outcome.shipped() + ". " + verdict.explanation()).close();
    interval(page);
    page.close().close();
  }

  private void interval(Markup page) {
    Outcome.Verification verification = outcome.verification();
    PairedComparison paired = verification == null ? null : verification.paired();
    if (paired != null) {
      page.open("figure");
      new IntervalChart(paired).write(page, id + "-interval");
      page.element(
              "figcaption", Figures.unbroken("Ours minus the rival's: " + Verdict.interval(paired)))
          .close();
    }
  }
}
