package halftone.app.report;

import halftone.evaluation.Estimate;
import halftone.huggingface.Packing;
import halftone.recipe.Int4Run;
import java.io.PrintStream;

/// A 4-bit checkpoint in a few lines of a terminal.
public final class Int4Summary {
  private Int4Summary() {}

  public static void print(PrintStream out, Int4Run.Result result, Packing packing) {
    Estimate kl = result.quality().divergence();
    out.printf(
        "%s: %s of weights, the blocks' in 4 bits and groups of %d as %s checkpoints have them%n",
        result.output(), Figures.bytes(result.bytes()), packing.group(), packing.layout().name());
    out.printf(
        "mean KL divergence on text that nothing had seen: %s nats%n",
        Figures.estimate(kl.value(), kl.error()));
    out.println("The layout is the one that vLLM and transformers read; Halftone reads it, too.");
  }
}
