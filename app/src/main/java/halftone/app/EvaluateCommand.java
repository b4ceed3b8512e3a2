package halftone.app;

import halftone.app.report.EvaluatedFile;
import halftone.app.report.EvaluationHtml;
import halftone.evaluation.BaseComparison;
import halftone.evaluation.BaseLogits;
import halftone.evaluation.BaseLogitsWriter;
import halftone.evaluation.Estimate;
import halftone.evaluation.LogitsRun;
import halftone.evaluation.Perplexity;
import halftone.evaluation.Quality;
import halftone.evaluation.ScoredText;
import halftone.evaluation.TokenScores;
import halftone.runtime.Arithmetic;
import halftone.workers.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `halftone evaluate`: perplexity, and what has changed beside a reference.
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a model on a text: perplexity alone, or with --against or --base also the KL divergence from"
          + " another model, changes of probability and how often both choose the same token."
    },
    footer = {
      "",
      "Examples:",
      "  halftone evaluate model.gguf --text wiki.txt",
      "  halftone evaluate small.gguf --against model.gguf --text wiki.txt@-150000- --chunks 24",
      "  halftone evaluate small.gguf --against model.gguf --text wiki.txt --report small-wiki.html",
      "  halftone evaluate model.gguf --text wiki.txt --write-base model.kld",
      "  halftone evaluate small.gguf --base model.kld --as llama --json",
      "  halftone evaluate small.gguf --against model.gguf --text wiki.txt --as a8-tensor"
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer folderTokenizer;

  @Parameters(paramLabel = "FILE", description = "The model to measure.")
  private Path file;

  @Option(names = "--against", paramLabel = "REF", description = "The model it was made from.")
  private @Nullable Path against;

  @Option(
      names = "--text",
      paramLabel = "T",
      description = "UTF-8 text: FILE, or a range of its bytes, FILE@FROM-TO.")
  private @Nullable String text;

  @Option(names = "--chunks", paramLabel = "N", description = "Chunks to read; all by default.")
  private int chunks;

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of a chunk, whose second half is scored; ${DEFAULT-VALUE} by default.")
  private int context = 512;

  @Option(
      names = "--as",
      paramLabel = ArithmeticName.LABEL,
      converter = ArithmeticName.class,
      description =
          "How to compute: as llama.cpp runs the files, with rounded activations; exactly with the decoded weights;"
              + " int8, in integers as 'generate' does; or with integer activations, a8-token for one scale a"
              + " token, a8-tensor for one in all, a4-block128 for one for every 128 inputs, fmpq for four or"
              + " eight bits as a file of '--transform fmpq' says, at weights of less than 16 bits."
              + " exact by default.")
  private Arithmetic arithmetic = Arithmetic.EXACT;

  @Option(
      names = "--base",
      paramLabel = "KLD",
      description = "Compare with llama.cpp's base-logit file, which holds its own text.")
  private @Nullable Path base;

  @Option(
      names = "--write-base",
      paramLabel = "KLD",
      description = "Write FILE's logits as llama.cpp's base-logit file.")
  private @Nullable Path writeBase;

  @Option(names = "--report", paramLabel = "HTML", description = "Write a page about it, too.")
  private @Nullable Path report;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  EvaluateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    requireSense();
    try (OpenModel model = folderTokenizer.openToRun(file);
        Workers workers = threads.workers();
        ProgressBar progress = console.progress()) {
      Comparison comparison = new Comparison(arithmetic, workers, progress);
      Json answer =
          new Json().put("file", file.toString()).put("bytes", Inspection.bytes(model.file()));
      answer.put("bits_per_weight", Totals.of(model.model().tensors().values()).bitsPerWeight());
      answer.put("arithmetic", arithmetic.id());
      if (base != null) {
        againstBase(base, model, workers, comparison, answer);
      } else if (against != null) {
        againstModel(against, model, comparison, answer);
      } else {
        alone(model, comparison, answer);
      }
    }
    return ExitCode.OK;
  }

  private void requireSense() {
    if (base == null && text == null) {
      throw new ParameterException(spec.commandLine(), "name a text with --text");
    }
    if (base != null && (text != null || against != null || writeBase != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--base holds its own text and reference; leave out --text, --against and --write-base");
    }
    if (writeBase != null && against != null) {
      throw new ParameterException(
          spec.commandLine(), "--write-base writes FILE's own logits; leave out --against");
    }
    if (chunks < 0 || context < 4) {
      throw new ParameterException(
          spec.commandLine(), "--chunks must be positive and --context at least 4");
    }
  }

  private ScoringText text(OpenModel model, Json answer) throws IOException {
    String source = java.util.Objects.requireNonNull(text);
    ScoringText read = ScoringText.read(source, model.tokenizer(), context, chunks);
    describe(answer, read.name(), read.scored());
    return read;
  }

  private static void describe(Json answer, String name, ScoredText text) {
    answer.put("text", name).put("chunks", text.chunks()).put("context", text.length());
  }

  private void alone(OpenModel model, Comparison comparison, Json answer) throws IOException {
    ScoringText read = text(model, answer);
    double[] losses =
        writeBase == null
            ? comparison.losses(model.model(), read.scored())
            : writeBase(writeBase, model, read, comparison);
    Estimate perplexity = Perplexity.of(losses);
    if (report != null) {
      EvaluationHtml.write(
          report, subject(model, null, read.name(), read.scored()), perplexity, losses.length);
    }
    if (json) {
      EvaluationReport.put(answer, perplexity, losses.length);
      console.out().println(answer);
    } else {
      EvaluationReport.print(console.out(), perplexity, losses.length);
    }
  }

  private double[] writeBase(Path target, OpenModel model, ScoringText read, Comparison comparison)
      throws IOException {
    int vocabulary = LogitsRun.vocabulary(model.model());
    try (BaseLogitsWriter writer =
        new BaseLogitsWriter(
            target, List.of(file), read.tokens(), read.scored().length(), vocabulary)) {
      double[] losses = comparison.losses(model.model(), read.scored(), writer);
      writer.commit();
      return losses;
    }
  }

  private void againstModel(Path path, OpenModel model, Comparison comparison, Json answer)
      throws IOException {
    try (OpenModel reference = folderTokenizer.openToRun(path)) {
      model.requireVocabularyOf(reference);
      answer.put("against", path.toString());
      ScoringText read = text(reference, answer);
      requireStatistics(read.scored());
      answer(
          comparison.against(reference.model(), model.model(), read.scored()),
          subject(model, path, read.name(), read.scored()),
          answer);
    }
  }

  private void againstBase(
      Path path, OpenModel model, Workers workers, Comparison comparison, Json answer)
      throws IOException {
    try (BaseLogits logits = BaseLogits.open(InputFile.require(path))) {
      if (chunks > logits.chunks()) {
        throw new IllegalArgumentException(
            "%s: holds %d chunks, not %d; ask for fewer".formatted(path, logits.chunks(), chunks));
      }
      BaseComparison with =
          new BaseComparison(logits, ScoringText.beginning(model.tokenizer()), workers);
      int taken = chunks == 0 ? logits.chunks() : chunks;
      answer.put("base", path.toString());
      ScoredText scored = with.text().slice(0, taken);
      requireStatistics(scored);
      describe(answer, path.toString(), scored);
      answer(
          comparison.against(with, model.model(), taken),
          subject(model, path, path.toString(), scored),
          answer);
    }
  }

  /// Before hours of work, not after.
  private static void requireStatistics(ScoredText text) {
    if (text.scored() < Quality.FEWEST_TOKENS) {
      throw new IllegalArgumentException(
          "%d scored tokens are too few for statistics, which need %d: read more chunks"
              .formatted(text.scored(), Quality.FEWEST_TOKENS));
    }
  }

  private EvaluatedFile subject(
      OpenModel model, @Nullable Path reference, String name, ScoredText scored)
      throws IOException {
    return new EvaluatedFile(
        file,
        Inspection.bytes(model.file()),
        Totals.of(model.model().tensors().values()).bitsPerWeight(),
        arithmetic.id(),
        reference == null ? null : reference.toString(),
        name,
        scored.chunks(),
        scored.length());
  }

  private void answer(TokenScores scores, EvaluatedFile subject, Json answer) throws IOException {
    Quality quality = Quality.of(scores);
    if (report != null) {
      EvaluationHtml.write(report, subject, quality);
    }
    if (json) {
      EvaluationReport.put(answer, quality);
      console.out().println(answer);
    } else {
      EvaluationReport.print(console.out(), quality);
    }
  }
}
