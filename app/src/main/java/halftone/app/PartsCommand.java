package halftone.app;

import halftone.app.report.PartsSummary;
import halftone.recipe.Budget;
import halftone.recipe.Contestant;
import halftone.recipe.PartsRun;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `halftone parts`: a file of our own layout.
@Command(
    name = "parts",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Quantizes by a method that GGUF cannot hold, and writes Halftone's own layout: row codebooks, rows or column"
            + " groups of different widths, sparse outliers, low-rank corrections. Halftone alone runs such a file.",
    footer = {
      "",
      "Examples:",
      "  halftone parts --method squeezellm --bits 4",
      "  halftone parts model.gguf --method mixllm --size 80M -o small.safetensors --text wiki.txt",
      "  halftone parts --method gptq-groups+smoothquant:alpha=0.35:everywhere=true --bits 3 -o small.safetensors",
      "  halftone generate small.safetensors -p 'Once upon a time'"
    })
final class PartsCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;

  @Mixin private ModelOrBuiltIn model;

  @Option(
      names = "--method",
      required = true,
      paramLabel = "NAME",
      description =
          "gptq-groups, awq-clip, hqq, squeezellm, slim-llm, mixllm, lorc, minifloat-ptq, mx, nvfp4, nf4 or bipolar,"
              + " perhaps with parameters (lorc:rank=16); transforms may stand behind it, joined by +.")
  private String method = "";

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Limit limit = new Limit();

  /// What the file may cost.
  private static final class Limit {
    @Option(names = "--bits", paramLabel = "B", description = "At most so many bits a weight.")
    private @Nullable Double bits;

    @Option(
        names = "--size",
        paramLabel = "BYTES",
        description = "At most so many bytes, like 107M.")
    private @Nullable String size;

    Budget budget() {
      return bits == null ? Budget.parseSize(String.valueOf(size)) : new Budget.Bits(bits);
    }
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "File to write; MODEL-METHOD-BUDGET.safetensors here by default.")
  private @Nullable Path output;

  @Option(
      names = "--swaps",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Scale errors by what swapping groups of tensors really loses, on the allocation text; --no-swaps chooses"
              + " widths by the errors as they are.")
  private boolean swaps = true;

  @Mixin private WorkOptions work;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  PartsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    PartsRun run = run();
    PartsRun.Result result;
    try (ProgressBar progress = console.progress()) {
      result = run.run(progress, Cancellation.NEVER);
    }
    if (json) {
      console
          .out()
          .println(
              new Json()
                  .put("output", result.output().toString())
                  .put("bytes", result.bytes())
                  .put("bits_per_weight", result.bitsPerWeight())
                  .put("mean_kl", result.quality().divergence().value())
                  .put("mean_kl_error", result.quality().divergence().error()));
    } else {
      PartsSummary.print(console.out(), result, run.contestant().id());
    }
    return ExitCode.OK;
  }

  private PartsRun run() throws IOException {
    Contestant contestant = Contestant.parse(method, Sensitivity.gradients(threads.count()));
    if (!(contestant instanceof Contestant.Parts parts)) {
      throw wrong(method + " makes GGUF; 'halftone compare' and 'halftone quantize' do that");
    }
    Path original = model.path();
    Budget budget = limit.budget();
    return new PartsRun(
        original,
        tokenizer.name(),
        swaps ? parts.swapping() : parts,
        budget,
        work.effort(),
        work.texts(original),
        output == null ? usualOutput(original, parts, budget) : output,
        work.store(original),
        threads.count());
  }

  private static Path usualOutput(Path original, Contestant.Parts parts, Budget budget) {
    String name =
        String.valueOf(original.toAbsolutePath().normalize().getFileName())
            .replaceAll("(-f16|-f32|-bf16)?\\.(gguf|safetensors)$", "");
    return Path.of(
        "%s-%s-%s.safetensors".formatted(name, parts.method().card().id(), budget.label()));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
