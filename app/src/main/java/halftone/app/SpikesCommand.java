package halftone.app;

import halftone.app.report.SpikesSummary;
import halftone.evidence.SpikeRatios;
import halftone.huggingface.ModelSources;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.recipe.Effort;
import halftone.sensitivity.SpikeAware;
import halftone.text.Chunks;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `halftone spikes`: which layers see tokens far beyond the others.
@Command(
    name = "spikes",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Ranks linear layers by how far single tokens stick out of their inputs: the largest over the median token.",
    footer = {"", "Examples:", "  halftone spikes", "  halftone spikes model.gguf --top 20"})
final class SpikesCommand implements Callable<Integer> {
  /// Tokens of a sequence.
  private static final int LENGTH = 512;

  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;
  @Mixin private ModelOrBuiltIn model;
  @Mixin private TextOptions texts;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "Layers to show; ${DEFAULT-VALUE} by default.")
  private int top = 10;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  SpikesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new ParameterException(spec.commandLine(), "--top must be positive");
    }
    if (texts.self(Effort.BALANCED) != null) {
      throw new ParameterException(spec.commandLine(), "the text is a file here; leave out 'self'");
    }
    Path path = model.path();
    try (ModelSource source = ModelSources.open(path, tokenizer.name());
        LocalWorkers workers = new LocalWorkers(threads.count())) {
      Model network = ModelReader.read(source);
      Chunks all = Chunks.of(texts.read(path).calibration(), Tokenizers.of(source.keys()), LENGTH);
      Chunks chunks = all.evenly(Math.min(all.count(), Effort.BALANCED.calibrationChunks()));
      print(SpikeRatios.of(network, chunks.tokens(), workers));
    }
    return ExitCode.OK;
  }

  private void print(Map<String, Double> ratios) {
    Set<String> spiking = new SpikeAware().spiking(ratios);
    if (json) {
      console
          .out()
          .println(
              new Json()
                  .put("ratios", new LinkedHashMap<>(ratios))
                  .put("spiking", List.copyOf(spiking)));
    } else {
      SpikesSummary.print(console.out(), ratios, spiking.size(), new SpikeAware().cut(), top);
    }
  }
}
