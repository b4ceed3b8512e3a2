package halftone.app.report;

import halftone.evaluation.PairedComparison;
import halftone.evaluation.Quality;
import halftone.recipe.Outcome;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The outcome in a few lines of a terminal.
public final class TerminalSummary {
  private static final int BAR = 24;

  private TerminalSummary() {}

  /// @param report the page that tells more, null when none was written
  public static void print(PrintStream out, Outcome outcome, @Nullable Path report) {
    Verdict verdict = new Verdict(outcome);
    out.printf(
        "%s: %s, %s bits per weight%n%n",
        outcome.output().getFileName(),
        Figures.bytes(outcome.bytes()),
        Figures.number(outcome.bitsPerWeight()));
    String transform = outcome.provenance().getOrDefault("transform", "none");
    if (!transform.equals("none")) {
      out.printf("Made of the network as %s rewrites it.%n%n", transform);
    }
    if (outcome.memory() != null) {
      out.printf("%s.%n%n", MemoryWords.of(outcome.memory(), outcome.bytes()));
    }
    candidates(out, outcome);
    out.printf("%s. %s%n%n", verdict.claim(), verdict.explanation());
    verification(out, outcome, verdict);
    histogram(out, FormatShares.of(outcome.tensors()));
    out.printf("%-8s%s%n", "file", outcome.output());
    if (report != null) {
      out.printf("%-8s%s%n", "report", report);
    }
  }

  private static void candidates(PrintStream out, Outcome outcome) {
    if (outcome.candidates().isEmpty()) {
      return;
    }
    int width =
        outcome.candidates().stream().mapToInt(each -> each.name().length()).max().orElseThrow();
    out.printf("  %-" + width + "s  %10s  mean KL, allocation text%n", "candidate", "size");
    for (Outcome.Candidate candidate : outcome.candidates()) {
      out.printf(
          "%s %-" + width + "s  %10s  %10s  %s%n",
          candidate.name().equals(outcome.shipped()) ? "→" : " ",
          candidate.name(),
          Figures.bytes(candidate.bytes()),
          Figures.number(candidate.predictedKl()),
          Figures.estimate(candidate.kl(), candidate.klError()));
    }
    out.println();
  }

  private static void verification(PrintStream out, Outcome outcome, Verdict verdict) {
    Quality shipped = verdict.quality();
    Outcome.Verification verification = outcome.verification();
    if (shipped == null || verification == null) {
      return;
    }
    PairedComparison paired = verification.paired();
    if (paired != null) {
      out.printf("ours − %s: %s%n", verification.rival(), Verdict.interval(paired));
    }
    out.printf(
        "%s: same token first %s, perplexity %s× the reference's%n%n",
        outcome.shipped(),
        Figures.percent(shipped.sameTop().value(), shipped.sameTop().error()),
        Figures.estimate(shipped.ratio().value(), shipped.ratio().error()));
  }

  private static void histogram(PrintStream out, FormatShares shares) {
    for (FormatShares.Share share : shares.shares()) {
      int filled = (int) Math.round(BAR * shares.fraction(share));
      out.printf(
          "  %-8s %4d %s  %10s  %s%n",
          share.format(),
          share.tensors(),
          share.tensors() == 1 ? "tensor " : "tensors",
          Figures.bytes(share.bytes()),
          "█".repeat(filled));
    }
    out.println();
  }
}
