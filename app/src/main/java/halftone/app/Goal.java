package halftone.app;

import halftone.kvcache.CachePolicy;
import halftone.preset.Preset;
import halftone.recipe.Budget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// What to aim at: budgets of one kind, or a preset.
final class Goal {
  @Option(names = "--size", paramLabel = "BYTES", description = "Largest file, like 107M or 1.5G.")
  private List<String> sizes = List.of();

  @Option(
      names = "--bits",
      paramLabel = "B",
      description = "Bits a weight: 8 × bytes of all tensors ÷ elements.")
  private List<Double> bits = List.of();

  @Option(
      names = "--like",
      paramLabel = "PRESET",
      description = "The size of our own file of that preset.")
  private List<String> like = List.of();

  @Option(
      names = "--max-kl",
      paramLabel = "NATS",
      description = "The smallest file with at most this mean KL divergence.")
  private List<Double> maxKl = List.of();

  @ArgGroup(exclusive = false)
  private @Nullable Running running;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      description = "One of llama.cpp's mixtures, nothing chosen or measured.")
  private @Nullable String preset;

  /// Memory for the file and all that running it takes.
  private static final class Running {
    @Option(
        names = "--fit",
        required = true,
        paramLabel = "MEMORY",
        description =
            "Most memory to run in, like 512M: file, key-value cache and buffers, to the byte; with --context.")
    private String memory = "";

    @Option(
        names = "--context",
        required = true,
        paramLabel = "N",
        description = "With --fit: tokens of the longest text, prompt and answer.")
    private int context;

    @Option(
        names = "--cache",
        paramLabel = "f32|f16|q8_0",
        description = "With --fit: how keys and values are kept; f16 by default.")
    private String cache = CachePolicy.F16.id();

    Budget.Fit budget() {
      return new Budget.Fit(Budget.parseSize(memory).bytes(), context, CachePolicy.named(cache));
    }
  }

  @Nullable String preset() {
    return preset;
  }

  List<Budget> budgets() {
    List<Budget> budgets = new ArrayList<>();
    sizes.forEach(size -> budgets.add(Budget.parseSize(size)));
    bits.forEach(b -> budgets.add(new Budget.Bits(b)));
    like.forEach(name -> budgets.add(new Budget.Like(Preset.named(name).name())));
    maxKl.forEach(kl -> budgets.add(new Budget.MaxKl(kl)));
    if (running != null) {
      budgets.add(running.budget());
    }
    return budgets;
  }
}
