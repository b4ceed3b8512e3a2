package halftone.app.report;

import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;
import org.jspecify.annotations.Nullable;

/// What was shipped and why, in plain words.
record Verdict(Outcome outcome) {
  private static final double SMALLEST_P = 1e-15;

  boolean shippedOurs() {
    return outcome.candidates().stream()
        .anyMatch(candidate -> candidate.ours() && candidate.name().equals(outcome.shipped()));
  }

  /// The shipped file's quality on the verification text, null when it was not measured.
  @Nullable Quality quality() {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return null;
    }
    return shippedOurs() ? verification.ours() : verification.rivalQuality();
  }

  /// A few words: the claim that the measurement carries.
  String claim() {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return "Not measured";
    }
    PairedComparison paired = verification.paired();
    if (paired == null) {
      return "No rival fits";
    }
    if (!shippedOurs()) {
      return "Rival shipped";
    }
    return paired.firstIsBetter() ? "Better than every rival" : "Not worse than any rival";
  }

  /// The claim and what it rests on, in one sentence.
  String sentence() {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return claim() + ": Halftone cannot run this architecture, so the choice is by prediction.";
    }
    PairedComparison paired = verification.paired();
    Quality rival = verification.rivalQuality();
    if (paired == null || rival == null) {
      return claim() + ": no preset and no uniform file is as small as this one.";
    }
    if (!shippedOurs()) {
      return "%s: %s was better than our own choice on unseen text."
          .formatted(claim(), verification.rival());
    }
    return paired.firstIsBetter()
        ? "%s: %s less divergence from the original than %s, the best of at most its size."
            .formatted(claim(), share(paired, rival), verification.rival())
        : "%s: too close to %s, the best of at most its size, to tell apart."
            .formatted(claim(), verification.rival());
  }

  private static String share(PairedComparison paired, Quality rival) {
    return Figures.percent(Math.abs(paired.difference()) / rival.divergence().value());
  }

  /// Two or three sentences.
  String explanation() {
    Outcome.Verification verification = outcome.verification();
    if (verification == null) {
      return "Halftone cannot run this architecture, so no quality was measured: the formats rest"
          + " on predicted loss alone.";
    }
    PairedComparison paired = verification.paired();
    Quality rival = verification.rivalQuality();
    if (paired == null || rival == null) {
      return "No preset and no uniform file is as small as this one, so there is nothing to compare"
          + " it with; its quality was measured on text that nothing had seen.";
    }
    return compared(verification, paired, rival);
  }

  private String compared(
      Outcome.Verification verification, PairedComparison paired, Quality rival) {
    String race =
        "On text that nothing had seen, ours has a mean KL divergence of "
            + nats(verification.ours())
            + "; "
            + verification.rival()
            + ", the best preset or uniform file of at most the same size, has "
            + nats(rival)
            + ". ";
    return race + (shippedOurs() ? kept(paired, rival) : replaced(paired));
  }

  private static String kept(PairedComparison paired, Quality rival) {
    return paired.firstIsBetter()
        ? "That is "
            + share(paired, rival)
            + " lower, and the whole interval lies below zero: ours was shipped."
        : "The interval reaches zero, so the two cannot be told apart; ours was shipped because its"
            + " mean is not higher.";
  }

  private static String replaced(PairedComparison paired) {
    return "Ours is higher by "
        + Figures.number(paired.difference())
        + " nats, so the rival was shipped: never worse.";
  }

  private static String nats(Quality quality) {
    return Figures.estimate(quality.divergence().value(), quality.divergence().error()) + " nats";
  }

  /// `−0.01234 nats, 95 % interval −0.0150 … −0.0101, p = 0.0003, 48 chunks`.
  static String interval(PairedComparison paired) {
    double error = (paired.upper() - paired.lower()) / 4;
    return Figures.signed(paired.difference(), error)
        + " nats, 95 % interval "
        + Figures.signed(paired.lower(), error)
        + " … "
        + Figures.signed(paired.upper(), error)
        + ", "
        + probability(paired.pValue())
        + ", "
        + paired.chunks()
        + " chunks";
  }

  /// The distribution's tail is not known further down.
  private static String probability(double p) {
    return p < SMALLEST_P ? "p < 1e-15" : "p = " + Figures.brief(p);
  }
}
