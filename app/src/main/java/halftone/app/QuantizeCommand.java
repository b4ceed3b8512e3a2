package halftone.app;

import halftone.app.report.HtmlReport;
import halftone.app.report.OutcomeJson;
import halftone.app.report.TerminalSummary;
import halftone.preset.Preset;
import halftone.preset.TensorTypeFile;
import halftone.preset.TensorTypeRule;
import halftone.recipe.Budget;
import halftone.recipe.Effort;
import halftone.recipe.Outcome;
import halftone.recipe.Request;
import halftone.recipe.Rewriting;
import halftone.recipe.Road;
import halftone.recipe.RuntimeProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `halftone quantize`: a model and a budget in, the best file that fits out.
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Chooses a format for every tensor so that the file fits the budget and loses least, rounds, proves on text"
            + " nobody has used that no preset of the size is better, and writes a GGUF file and a report.",
    footer = {
      "",
      "Sizes count the whole file; M is 10^6 bytes. Texts are FILE or a byte range FILE@FROM-TO; without any, a small",
      "built-in mix is used. Finished work is kept in the store: a run that was stopped goes on where it stood.",
      "The built-in model is quantized to 4.5 bits a weight unless a budget says otherwise.",
      "",
      "Examples:",
      "  halftone quantize",
      "  halftone quantize model.gguf --size 107M -o small.gguf --text wiki.txt",
      "  halftone quantize model.gguf --like q4_k_m -o small.gguf --effort fast",
      "  halftone quantize model.gguf --bits 3.5 --bits 4.5 -o 'small-{n}.gguf'",
      "  halftone quantize model.gguf --preset q4_k_m --imatrix model.imatrix.gguf -o small.gguf",
      "  halftone quantize model.gguf --size 107M --sensitivity kronecker -o small.gguf",
      "  halftone quantize model.gguf --fit 512M --context 4096 -o small.gguf",
      "  halftone quantize model.gguf --size 107M --dry-run",
      "  halftone quantize SmolLM2-135M/ --preset q4_k_m"
    })
final class QuantizeCommand implements Callable<Integer> {
  /// Of the built-in model, where none is asked for.
  private static final Budget USUAL_BUDGET = new Budget.Bits(4.5);

  /// What the report's command for another size does not repeat.
  private static final Set<String> BUDGETS_AND_ANSWERS =
      Set.of(
          "--size",
          "--bits",
          "--like",
          "--max-kl",
          "--fit",
          "--context",
          "--cache",
          "--output",
          "--json");

  private final Console console;

  /// The model named, or the built-in one.
  private Path original = ModelOrBuiltIn.OWN_FOLDER;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;

  @Mixin private ModelOrBuiltIn model;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private Goal goal = new Goal();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "File to write; with several budgets {n} in it becomes 1, 2, …. By default MODEL-BUDGET.gguf here.")
  private @Nullable String output;

  @Mixin private TextOptions texts;

  @Option(
      names = "--effort",
      paramLabel = "LEVEL",
      description =
          "fast (less text, swaps in integers, GPTQ for the output product alone) or balanced; balanced by default.")
  private String effort = Effort.BALANCED.name();

  @Option(
      names = "--transform",
      paramLabel = "NAME",
      description =
          "Rewrite of the network that computes the same and is quantized in its place: none, auto (measured: what"
              + " loses least as llama.cpp runs the file), or a name with parameters, like"
              + " smoothquant:alpha=0.35:everywhere=true, or several joined by +; see 'halftone methods'. None by default.")
  private @Nullable String transform;

  @Option(
      names = "--for",
      paramLabel = "PROGRAM",
      description =
          "What is to run the file: llama.cpp, vllm or halftone. Formats that it cannot run are left out, and what is"
              + " ruled out is said before any work. What llama.cpp runs by default.")
  private @Nullable String runtime;

  @Mixin private Sensitivity sensitivity;

  @Option(
      names = "--pin",
      paramLabel = "REGEX=TYPE",
      description = "Fixes the format of every tensor whose name matches; the first match wins.")
  private List<String> pins = List.of();

  @Option(
      names = "--tensor-type-file",
      paramLabel = "FILE",
      description = "Pins from a file, as llama-quantize reads it.")
  private @Nullable Path tensorTypeFile;

  @Option(
      names = "--imatrix",
      paramLabel = "FILE",
      description = "Importance matrix to encode with, instead of one from the calibration text.")
  private @Nullable Path imatrix;

  @Mixin private FolderTokenizer tokenizer;

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description = "Where finished work is kept; .halftone beside the model by default.")
  private @Nullable Path store;

  @Option(
      names = "--split-max-size",
      paramLabel = "BYTES",
      description =
          "With --preset: write OUT-00001-of-0000N.gguf and so on, each of at most so many bytes.")
  private @Nullable String splitMaxSize;

  @Option(
      names = "--dry-run",
      description = "Print what would be done, its time and memory; do nothing.")
  private boolean dryRun;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  QuantizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    original = model.path();
    if (goal.preset() != null) {
      if (transform != null) {
        throw wrong("--preset quantizes the network as it is; leave out --transform");
      }
      if (runtime != null) {
        throw wrong("--preset writes what llama.cpp runs; leave out --for");
      }
      return new PresetQuantization(console, threads, json, tokenizer.name())
          .run(
              original,
              Preset.named(goal.preset()),
              output(0, 1, goal.preset()),
              splitMaxSize == null ? Long.MAX_VALUE : Budget.parseSize(splitMaxSize).bytes(),
              pins(),
              imatrix,
              texts.calibration());
    }
    if (splitMaxSize != null) {
      throw wrong("--split-max-size goes with --preset; a budget counts the bytes of one file");
    }
    Request request = request();
    if (dryRun) {
      DryRun plan = DryRun.of(request);
      console.out().print(plan.describe());
      return plan.isInfeasible() ? ExitCode.INFEASIBLE : ExitCode.OK;
    }
    List<Outcome> outcomes;
    try (ProgressBar progress = console.progress()) {
      outcomes = new Road(request, progress).run();
    }
    Path report = reportOf(outcomes.getFirst().output());
    HtmlReport.write(report, outcomes, OtherOptions.of(spec.commandLine(), BUDGETS_AND_ANSWERS));
    if (json) {
      console.out().println(OutcomeJson.text(outcomes));
    } else {
      outcomes.forEach(outcome -> TerminalSummary.print(console.out(), outcome, report));
    }
    return ExitCode.OK;
  }

  private Request request() throws IOException {
    List<Budget> budgets = budgets();
    List<Request.Target> targets = new ArrayList<>();
    for (int i = 0; i < budgets.size(); i++) {
      targets.add(
          new Request.Target(budgets.get(i), output(i, budgets.size(), budgets.get(i).label())));
    }
    return new Request(
        original,
        targets,
        Effort.named(effort),
        transform == null ? Rewriting.NONE : Rewriting.parse(transform),
        sensitivity.scoring(Effort.named(effort), threads.count()),
        texts.read(original),
        pins(),
        imatrix,
        tokenizer.name(),
        texts.self(Effort.named(effort)),
        runtime == null ? null : RuntimeProfile.named(runtime),
        store == null ? Request.usualStore(original) : store,
        threads.count());
  }

  private List<Budget> budgets() {
    List<Budget> budgets = goal.budgets();
    if (!budgets.isEmpty()) {
      return budgets;
    }
    if (model.isNamed()) {
      throw wrong(
          "say what the file may cost: --size, --bits, --like, --max-kl, --fit or --preset");
    }
    return List.of(USUAL_BUDGET);
  }

  private Path output(int index, int count, String label) {
    if (output == null) {
      Path named = original.toAbsolutePath().normalize();
      String name =
          String.valueOf(named.getFileName())
              .replaceAll("(-f16|-f32|-bf16)?(-\\d{5}-of-\\d{5})?\\.(gguf|safetensors)$", "");
      return Path.of(name + "-" + label.toLowerCase(java.util.Locale.ROOT) + ".gguf");
    }
    if (count > 1 && !output.contains("{n}")) {
      throw wrong("several budgets make several files; put {n} into the name given with -o");
    }
    return Path.of(output.replace("{n}", String.valueOf(index + 1)));
  }

  private List<TensorTypeRule> pins() throws IOException {
    List<TensorTypeRule> rules = new ArrayList<>();
    for (String pin : pins) {
      rules.add(TensorTypeFile.parse(pin, "--pin"));
    }
    if (tensorTypeFile != null) {
      rules.addAll(TensorTypeFile.read(tensorTypeFile));
    }
    return rules;
  }

  private static Path reportOf(Path output) {
    return output.resolveSibling(
        String.valueOf(output.getFileName()).replaceAll("\\.gguf$", "") + ".html");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
