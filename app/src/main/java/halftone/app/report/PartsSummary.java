package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.recipe.PartsRun;
import java.io.PrintStream;

/// A file of our own layout in a few lines of a terminal.
public final class PartsSummary {
  private PartsSummary() {}

  /// @param method what made it
  public static void print(PrintStream out, PartsRun.Result result, String method) {
    Estimate kl = result.quality().divergence();
    out.printf(
        "%s: %s, %s bits per weight, by %s%n",
        result.output(),
        Figures.bytes(result.bytes()),
        Figures.number(result.bitsPerWeight()),
        method);
    out.printf(
        "mean KL divergence on text that nothing had seen: %s nats%n",
        Figures.estimate(kl.value(), kl.error()));
    out.println("Halftone alone runs such a file; 'halftone quantize' makes one for llama.cpp.");
  }
}
