package halftone.app;

import halftone.app.report.Int4Summary;
import halftone.huggingface.Packing;
import halftone.recipe.Int4Run;
import halftone.transform.Awq;
import halftone.transform.Grid;
import halftone.transform.Transform;
import halftone.transform.Transforms;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `halftone int4`: a checkpoint in 4 bits for other runtimes.
@Command(
    name = "int4",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Quantizes a Hugging Face folder to 4 bits and writes a folder as vLLM and transformers read them: a GPTQ or an AWQ"
            + " checkpoint. Linear layers of the blocks are packed; embedding, output and norms stay as they are.",
    footer = {
      "",
      "Examples:",
      "  halftone int4 SmolLM2-135M/ -o SmolLM2-135M-gptq",
      "  halftone int4 SmolLM2-135M/ --layout awq --group 64 -o SmolLM2-135M-awq",
      "  halftone quantize SmolLM2-135M-gptq/ --bits 4.5"
    })
final class Int4Command implements Callable<Integer> {
  private static final int USUAL_GROUP = 128;
  private static final int FOUR_BITS = 4;

  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;

  @Parameters(
      paramLabel = "FOLDER",
      description = "Folder with config.json, safetensors and a tokenizer.")
  private Path folder = Path.of(".");

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description =
          "gptq: GPTQ on symmetric groups, every kernel runs it; awq: AWQ's scales and clipped groups with zero points. gptq by default.")
  private String layout = "gptq";

  @Option(
      names = "--group",
      paramLabel = "N",
      description = "Inputs that share a scale; ${DEFAULT-VALUE} by default.")
  private int group = USUAL_GROUP;

  @Option(
      names = "--act-order",
      description = "With gptq: round columns with large inputs first; loads the same.")
  private boolean actOrder;

  @Option(
      names = "--transform",
      paramLabel = "NAME",
      description =
          "Rewrite of the network to quantize: none, or a name as in 'quantize'. awq for the layout awq by default, else none.")
  private @Nullable String transform;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT",
      description = "Folder to write; it must not exist.")
  private Path output = Path.of(".");

  @Mixin private WorkOptions work;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  Int4Command(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Int4Run run = run();
    Int4Run.Result result;
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
                  .put("layout", run.packing().layout().id())
                  .put("mean_kl", result.quality().divergence().value())
                  .put("mean_kl_error", result.quality().divergence().error()));
    } else {
      Int4Summary.print(console.out(), result, run.packing());
    }
    return ExitCode.OK;
  }

  private Int4Run run() throws IOException {
    if (group < 1) {
      throw wrong("--group must be positive");
    }
    Packing.Layout packed = layout();
    if (actOrder && packed != Packing.Layout.GPTQ) {
      throw wrong("--act-order is GPTQ's; leave it out or name --layout gptq");
    }
    Path model = InputFile.requireModel(folder);
    return new Int4Run(
        model,
        tokenizer.name(),
        Packing.fourBits(packed, group),
        actOrder,
        transform(packed),
        work.effort(),
        work.texts(model),
        output,
        work.store(model),
        threads.count());
  }

  private Packing.Layout layout() {
    try {
      return Packing.Layout.valueOf(layout.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw wrong("--layout is gptq or awq, not '" + layout + "'");
    }
  }

  private @Nullable Transform transform(Packing.Layout packed) {
    if (transform != null) {
      return transform.equals("none") ? null : Transforms.parse(transform);
    }
    return packed == Packing.Layout.AWQ ? new Awq(new Grid.MinMax(FOUR_BITS, group)) : null;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
