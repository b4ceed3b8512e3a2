package halftone.app;

import halftone.app.report.ArenaHtml;
import halftone.app.report.LeaderboardJson;
import halftone.app.report.LeaderboardText;
import halftone.evidence.GradientSource;
import halftone.recipe.Arena;
import halftone.recipe.Budget;
import halftone.recipe.Contestant;
import halftone.recipe.Leaderboard;
import halftone.runtime.Arithmetic;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `halftone compare`: methods side by side.
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sets methods side by side on one model at equal size, llama.cpp's presets among them, measured on text that"
          + " none of them reads: a leaderboard for each size, and what each part earns.",
      "A method is presets, uniform, or the id of a sensitivity metric (see 'halftone methods'), behind which +swaps,"
          + " +exchanges, and +gptq or +adaround may stand; halftone is gram-error+swaps+gptq. Or it is a ranking of blocks (cmpq,"
          + " pmpq, tdmpq), behind which +thresholds and a quantizer may stand. Or it is a method of Halftone's own"
          + " layout, such as squeezellm or gptq-groups, perhaps with +swaps. Behind all of them may stand transforms"
          + " with their parameters."
    },
    footer = {
      "",
      "Examples:",
      "  halftone compare",
      "  halftone compare model.gguf --bits 2.5,3,4 --text wiki.txt --report arena.html",
      "  halftone compare model.gguf --methods presets,gram-error,gram-error+gptq,halftone --size 107M",
      "  halftone compare --methods gptq-groups,squeezellm,slim-llm,mixllm,lorc --bits 3",
      "  halftone compare --methods halftone,halftone+smoothquant:alpha=0.35:everywhere=true --bits 3",
      "  halftone compare --methods integers:scale=tensor,integers:scale=tensor+smoothquant --bits 8 --as a8-tensor"
    })
final class CompareCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;

  @Mixin private ModelOrBuiltIn model;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "M",
      description = "Who takes part; ${DEFAULT-VALUE} by default.")
  private List<String> methods =
      List.of(
          "presets",
          "uniform",
          "weight-error",
          "importance-error",
          "gram-error",
          "gram-error+swaps",
          "gram-error+gptq",
          "halftone",
          "kronecker-fisher",
          "kronecker-fisher+swaps+gptq",
          "first-order-loss");

  @Option(
      names = "--bits",
      split = ",",
      paramLabel = "B",
      description = "Sizes in bits a weight; 2.5, 3 and 4 by default.")
  private List<Double> bits = List.of();

  @Option(names = "--size", split = ",", paramLabel = "BYTES", description = "Sizes, like 107M.")
  private List<String> sizes = List.of();

  @Option(
      names = "--as",
      paramLabel = ArithmeticName.LABEL,
      converter = ArithmeticName.class,
      description =
          "How files are run when they are measured, see 'halftone evaluate'; the original runs exactly, and formats"
              + " and widths are chosen for decoded weights. exact by default.")
  private Arithmetic arithmetic = Arithmetic.EXACT;

  @Mixin private WorkOptions work;

  @Option(names = "--report", paramLabel = "HTML", description = "Write a page about it, too.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Path original = model.path();
    Arena arena = arena(original);
    List<Leaderboard> boards;
    try (ProgressBar progress = console.progress()) {
      boards = arena.run(progress, Cancellation.NEVER);
    }
    if (report != null) {
      ArenaHtml.write(report, original, boards);
    }
    if (json) {
      console.out().println(LeaderboardJson.text(boards));
    } else {
      LeaderboardText.print(console.out(), boards);
    }
    return ExitCode.OK;
  }

  private Arena arena(Path original) throws IOException {
    Supplier<GradientSource> gradients = Sensitivity.gradients(threads.count());
    List<Contestant> contestants =
        methods.stream().map(text -> Contestant.parse(text, gradients)).distinct().toList();
    return new Arena(
        original,
        tokenizer.name(),
        contestants,
        budgets(),
        work.effort(),
        work.texts(original),
        arithmetic,
        work.store(original),
        threads.count());
  }

  private List<Budget> budgets() {
    List<Budget> budgets = new ArrayList<>();
    bits.forEach(b -> budgets.add(new Budget.Bits(b)));
    sizes.forEach(size -> budgets.add(Budget.parseSize(size)));
    return budgets.isEmpty()
        ? List.of(new Budget.Bits(2.5), new Budget.Bits(3), new Budget.Bits(4))
        : budgets;
  }
}
