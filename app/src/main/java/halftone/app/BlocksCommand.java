package halftone.app;

import halftone.app.report.BlocksSummary;
import halftone.recipe.BlockComparison;
import halftone.sensitivity.BlockRanking;
import halftone.sensitivity.BlockRankings;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `halftone blocks`: which blocks need more bits, by several rankings and by measurement.
@Command(
    name = "blocks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Ranks the blocks of a network by how many bits they need, and measures what rounding each one alone to about"
            + " four bits loses.",
    footer = {"", "Examples:", "  halftone blocks", "  halftone blocks model.gguf --by cmpq,pmpq"})
final class BlocksCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;
  @Mixin private Threads threads;
  @Mixin private FolderTokenizer tokenizer;
  @Mixin private ModelOrBuiltIn model;
  @Mixin private WorkOptions work;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "RANKING",
      description = "Rankings to show; ${DEFAULT-VALUE} by default. tdmpq needs libtorch.")
  private List<String> rankings = List.of("cmpq", "pmpq", "tdmpq");

  @Option(names = "--json", description = "Answer in JSON.")
  private boolean json;

  BlocksCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<BlockRanking> chosen = rankings.stream().distinct().map(this::ranking).toList();
    Path path = model.path();
    BlockComparison comparison =
        new BlockComparison(
            path,
            tokenizer.name(),
            chosen,
            Sensitivity.gradients(threads.count()),
            work.effort(),
            work.texts(path),
            work.store(path),
            threads.count());
    BlockComparison.Result result;
    try (ProgressBar progress = console.progress()) {
      result = comparison.run(progress, Cancellation.NEVER);
    }
    if (json) {
      console.out().println(json(result));
    } else {
      BlocksSummary.print(console.out(), result);
    }
    return ExitCode.OK;
  }

  private BlockRanking ranking(String id) {
    return BlockRankings.parse(id)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "no ranking '%s'; there are %s"
                        .formatted(
                            id,
                            BlockRankings.ALL.stream()
                                .map(each -> each.card().id())
                                .collect(Collectors.joining(", ")))));
  }

  private static Json json(BlockComparison.Result result) {
    Json rankings = new Json();
    result
        .scores()
        .forEach(
            (ranking, scores) ->
                rankings.put(
                    ranking,
                    new Json()
                        .put("scores", Arrays.stream(scores).boxed().toList())
                        .put("agreement", result.agreement(ranking))
                        .put("ends_above_middle", result.ends(ranking))
                        .map()));
    return new Json()
        .put("measured", Arrays.stream(result.measured()).boxed().toList())
        .put("rankings", rankings.map());
  }
}
