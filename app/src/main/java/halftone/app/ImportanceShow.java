package halftone.app;

import halftone.app.report.Table;
import halftone.evidence.ImportanceFile;
import halftone.evidence.ImportanceMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `halftone imatrix show`: one line a weight.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows what an importance matrix, GGUF or legacy, holds.",
    footer = {"", "Example:", "  halftone imatrix show prose.gguf"})
final class ImportanceShow implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "An importance matrix.")
  private Path file;

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  ImportanceShow(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ImportanceMatrix matrix =
        ImportanceFile.read(InputFile.require(file), ImportanceFile.USUAL_CHUNK_SIZE);
    if (json) {
      console.out().println(json(file, matrix));
    } else {
      print(matrix);
    }
    return ExitCode.OK;
  }

  /// Mean square of the inputs, its largest channel, and that channel's share of all.
  private record Line(double mean, int strongest, double share, double tokens) {
    static Line of(ImportanceMatrix.Entry entry) {
      float[] importance = entry.importance();
      double sum = 0;
      int strongest = 0;
      for (int i = 0; i < importance.length; i++) {
        sum += importance[i];
        strongest = importance[i] > importance[strongest] ? i : strongest;
      }
      double share = sum == 0 ? 0 : importance[strongest] / sum;
      float most = 0;
      for (float count : entry.counts()) {
        most = Math.max(most, count);
      }
      return new Line(sum / importance.length, strongest, share, most);
    }
  }

  static String summary(ImportanceMatrix matrix) {
    return "%d weights, %d chunks of %d tokens, from %s"
        .formatted(
            matrix.entries().size(),
            matrix.chunks(),
            matrix.chunkSize(),
            matrix.datasets().isEmpty()
                ? "an unnamed text"
                : String.join(", ", matrix.datasets()).replaceAll("\\p{Cntrl}", "·"));
  }

  private void print(ImportanceMatrix matrix) {
    Table table =
        new Table(
            "weight", " channels", " matrices", " tokens", " mean x²", " strongest", " share");
    matrix
        .entries()
        .forEach(
            (weight, entry) -> {
              Line line = Line.of(entry);
              table.row(
                  weight.replaceAll("\\p{Cntrl}", "·"),
                  String.valueOf(entry.columns()),
                  String.valueOf(entry.counts().length),
                  "%.0f".formatted(line.tokens()),
                  "%.6g".formatted(line.mean()),
                  String.valueOf(line.strongest()),
                  "%.2f %%".formatted(100 * line.share()));
            });
    table.print(console.out());
    console.out().printf("%n%s%n", summary(matrix));
  }

  static Json json(Path file, ImportanceMatrix matrix) {
    List<Object> weights = new ArrayList<>();
    matrix.entries().forEach((weight, entry) -> weights.add(json(weight, entry).map()));
    return new Json()
        .put("file", file.toString())
        .put("datasets", matrix.datasets())
        .put("chunks", matrix.chunks())
        .put("chunk_size", matrix.chunkSize())
        .put("weights", weights);
  }

  private static Json json(String weight, ImportanceMatrix.Entry entry) {
    Line line = Line.of(entry);
    List<Object> tokens = new ArrayList<>();
    for (float count : entry.counts()) {
      tokens.add(count);
    }
    return new Json()
        .put("name", weight)
        .put("channels", entry.columns())
        .put("matrices", entry.counts().length)
        .put("tokens", tokens)
        .put("mean_square", line.mean())
        .put("strongest_channel", line.strongest())
        .put("strongest_share", line.share());
  }
}
