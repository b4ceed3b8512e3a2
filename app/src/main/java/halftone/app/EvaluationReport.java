package halftone.app;

import halftone.evaluation.Distribution;
import halftone.evaluation.Estimate;
import halftone.evaluation.Quality;
import java.io.PrintStream;

/// The answer of `halftone evaluate`: names as in `docs/evaluate.md`.
final class EvaluationReport {
  private EvaluationReport() {}

  /// Adds perplexity alone.
  static void put(Json json, Estimate perplexity, int tokens) {
    json.put("n", tokens);
    put(json, "ppl", perplexity);
  }

  /// Adds a comparison.
  static void put(Json json, Quality quality) {
    put(json, quality.perplexity(), quality.tokens());
    put(json, "ppl_reference", quality.referencePerplexity());
    put(json, "ppl_ratio", quality.ratio());
    put(json, "ppl_difference", quality.difference());
    put(json, "ln_ppl_ratio", quality.logRatio());
    json.put("correlation", quality.correlation());
    put(json, "kl_mean", quality.divergence());
    put(json, "kl", quality.divergences());
    put(json, "delta_p_mean", quality.probabilityChange());
    put(json, "delta_p", quality.probabilityChanges());
    put(json, "rms_delta_p", quality.rmsProbabilityChange());
    put(json, "same_top", quality.sameTop());
  }

  private static void put(Json json, String name, Estimate estimate) {
    json.put(name, estimate.value()).put(name + "_se", estimate.error());
  }

  private static void put(Json json, String name, Distribution values) {
    json.put(name + "_max", values.maximum())
        .put(name + "_999", values.p999())
        .put(name + "_99", values.p99())
        .put(name + "_95", values.p95())
        .put(name + "_90", values.p90())
        .put(name + "_75", values.p75())
        .put(name + "_median", values.median())
        .put(name + "_25", values.p25())
        .put(name + "_10", values.p10())
        .put(name + "_5", values.p5())
        .put(name + "_1", values.p1())
        .put(name + "_01", values.p01())
        .put(name + "_min", values.minimum());
  }

  static void print(PrintStream out, Estimate perplexity, int tokens) {
    out.printf("PPL %s over %,d tokens%n", estimate("%.6f ± %.6f", perplexity, 1), tokens);
  }

  /// Laid out as llama-perplexity does.
  static void print(PrintStream out, Quality quality) {
    out.printf("====== Perplexity statistics (%,d tokens) ======%n", quality.tokens());
    line(out, "Mean PPL(Q)", estimate("%10.6f ± %10.6f", quality.perplexity(), 1));
    line(out, "Mean PPL(base)", estimate("%10.6f ± %10.6f", quality.referencePerplexity(), 1));
    line(out, "Cor(ln(PPL(Q)), ln(PPL(base)))", "%6.2f%%".formatted(100 * quality.correlation()));
    line(out, "Mean ln(PPL(Q)/PPL(base))", estimate("%10.6f ± %10.6f", quality.logRatio(), 1));
    line(out, "Mean PPL(Q)/PPL(base)", estimate("%10.6f ± %10.6f", quality.ratio(), 1));
    line(out, "Mean PPL(Q)-PPL(base)", estimate("%10.6f ± %10.6f", quality.difference(), 1));
    out.printf("%n====== KL divergence statistics ======%n");
    line(out, "Mean    KLD", estimate("%10.6f ± %10.6f", quality.divergence(), 1));
    printDistribution(out, "KLD", "%10.6f", quality.divergences(), 1);
    out.printf("%n====== Token probability statistics ======%n");
    line(out, "Mean    Δp", estimate("%6.3f ± %5.3f %%", quality.probabilityChange(), 100));
    printDistribution(out, "Δp", "%6.3f%%", quality.probabilityChanges(), 100);
    line(out, "RMS Δp", estimate("%6.3f ± %5.3f %%", quality.rmsProbabilityChange(), 100));
    line(out, "Same top p", estimate("%6.3f ± %5.3f %%", quality.sameTop(), 100));
  }

  private static void printDistribution(
      PrintStream out, String what, String format, Distribution values, double unit) {
    line(out, "Maximum " + what, format.formatted(values.maximum() * unit));
    line(out, "99.9%   " + what, format.formatted(values.p999() * unit));
    line(out, "99.0%   " + what, format.formatted(values.p99() * unit));
    line(out, "95.0%   " + what, format.formatted(values.p95() * unit));
    line(out, "90.0%   " + what, format.formatted(values.p90() * unit));
    line(out, "Median  " + what, format.formatted(values.median() * unit));
    line(out, "10.0%   " + what, format.formatted(values.p10() * unit));
    line(out, " 5.0%   " + what, format.formatted(values.p5() * unit));
    line(out, " 1.0%   " + what, format.formatted(values.p1() * unit));
    line(out, " 0.1%   " + what, format.formatted(values.p01() * unit));
    line(out, "Minimum " + what, format.formatted(values.minimum() * unit));
  }

  private static String estimate(String format, Estimate estimate, double unit) {
    return format.formatted(estimate.value() * unit, estimate.error() * unit);
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("%-30s: %s%n", name, value);
  }
}
