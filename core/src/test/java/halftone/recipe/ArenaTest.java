package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.evaluation.TokenScores;
import halftone.evidence.GradientSource;
import halftone.model.TinyLlama;
import halftone.runtime.Arithmetic;
import halftone.text.Texts;
import halftone.workers.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArenaTest {
  private static final List<String> METHODS =
      List.of(
          "presets",
          "uniform",
          "gram-error",
          "gram-error+swaps",
          "gram-error+swaps+exchanges",
          "gram-error+gptq",
          "halftone",
          "gram-error+gptq+smoothquant:alpha=0.35:everywhere=true",
          "gptq-groups",
          "gptq-groups+swaps",
          "lorc",
          "cmpq",
          "pmpq+gptq",
          "pmpq+thresholds");

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, false, 7).write(folder.resolve("tiny.gguf"));
  }

  private Arena arena(List<String> methods, Budget... budgets) throws IOException {
    return arena(Arithmetic.EXACT, methods, budgets);
  }

  private Arena arena(Arithmetic arithmetic, List<String> methods, Budget... budgets)
      throws IOException {
    List<Contestant> contestants =
        methods.stream().map(text -> Contestant.parse(text, ArenaTest::noGradients)).toList();
    return new Arena(
        model,
        null,
        contestants,
        List.of(budgets),
        RoadTest.SMALL,
        Texts.builtIn(),
        arithmetic,
        folder.resolve("store"),
        2);
  }

  private static GradientSource noGradients() {
    throw new IllegalArgumentException("nothing differentiates networks here");
  }

  /// Hears the steps that were begun.
  private static final class Steps implements Progress {
    private final List<String> names = new ArrayList<>();

    @Override
    public void step(String name, int units) {
      names.add(name);
    }

    @Override
    public void done(int units) {}

    @Override
    public void note(String line) {}
  }

  @Test
  void ranksEveryFileOfASizeByItsLossAndFindsAllOfItDoneTheSecondTime() throws IOException {
    Arena arena = arena(METHODS, new Budget.Bits(4), new Budget.Bits(6));
    List<Leaderboard> boards = arena.run(Progress.SILENT, Cancellation.NEVER);
    assertThat(boards).hasSize(2);
    for (Leaderboard board : boards) {
      assertThat(board.standings())
          .extracting(Leaderboard.Standing::contestant)
          .containsExactlyInAnyOrder(
              "presets",
              "uniform",
              "gram-error",
              "gram-error+swaps",
              "gram-error+swaps+exchanges",
              "gram-error+gptq",
              "gram-error+swaps+gptq",
              "gram-error+gptq+smoothquant:alpha=0.35:everywhere=true",
              "gptq-groups",
              "gptq-groups+swaps",
              "lorc",
              "cmpq",
              "pmpq+gptq",
              "pmpq+thresholds");
      assertThat(board.standings())
          .allSatisfy(
              standing -> {
                assertThat(standing.bytes()).isLessThanOrEqualTo(board.limit());
                assertThat(standing.time()).isPositive();
              })
          .isSortedAccordingTo(
              (a, b) ->
                  Double.compare(
                      a.quality().divergence().value(), b.quality().divergence().value()));
      assertThat(board.standings().getFirst().toFirst()).isNull();
      assertThat(board.standings().getLast().toFirst().difference()).isPositive();
      assertThat(time(board, "gram-error+swaps+exchanges"))
          .isGreaterThan(time(board, "gram-error+swaps"));
      assertThat(Ablation.of(board))
          .extracting(part -> part.part() + " behind " + part.without())
          .containsExactlyInAnyOrder(
              "+smoothquant:alpha=0.35:everywhere=true behind gram-error+gptq",
              "+swaps behind gram-error",
              "+swaps behind gptq-groups",
              "+exchanges behind gram-error+swaps",
              "+gptq behind gram-error",
              "+swaps behind gram-error+gptq",
              "+gptq behind gram-error+swaps");
    }
    Steps steps = new Steps();
    assertThat(arena.run(steps, Cancellation.NEVER)).isEqualTo(boards);
    assertThat(steps.names).doesNotContain("calibration", "GPTQ", "rounding");
  }

  private static Duration time(Leaderboard board, String contestant) {
    return board.standings().stream()
        .filter(standing -> standing.contestant().equals(contestant))
        .findFirst()
        .orElseThrow()
        .time();
  }

  /// A rotation unties the output product: its file is no larger than the others' all the same.
  @Test
  void aRewriteWithATensorMoreStaysWithinTheBytesOfTheOthers() throws IOException {
    model = new TinyLlama(256, 2, 4, 2, 512, true, 7).write(folder.resolve("tied.gguf"));
    Leaderboard board =
        arena(List.of("gram-error", "gram-error+hadamard-rotations"), new Budget.Bits(5))
            .run(Progress.SILENT, Cancellation.NEVER)
            .getFirst();
    assertThat(board.standings())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.bytes()).isLessThanOrEqualTo(board.limit()));
  }

  /// The winner of the road is the same file here, whichever way of rounding it was.
  @Test
  void theRoadsFileLosesWhatTheRoadSays() throws IOException {
    Budget.Bits size = new Budget.Bits(5);
    Path made = folder.resolve("made.gguf");
    Outcome outcome =
        new Road(
                new Request(
                    model,
                    List.of(new Request.Target(size, made)),
                    RoadTest.SMALL,
                    Texts.builtIn(),
                    List.of(),
                    null,
                    folder.resolve("store"),
                    2),
                Progress.SILENT)
            .run()
            .getFirst();
    String same = outcome.shipped().equals("halftone") ? "halftone" : "gram-error+swaps";
    Leaderboard board =
        arena(List.of(same), size).run(Progress.SILENT, Cancellation.NEVER).getFirst();
    assertThat(board.standings().getFirst().quality()).isEqualTo(outcome.verification().ours());
  }

  /// Rows of 96 take formats of 32 weights alone, and presets keep the output product at more bits.
  @Test
  void aContestantWithoutAFileThatFitsIsNamed() throws IOException {
    model = new TinyLlama(96, 2, 4, 2, 192, false, 7).write(folder.resolve("narrow.gguf"));
    Leaderboard board =
        arena(List.of("presets", "gram-error"), new Budget.Bits(4.4))
            .run(Progress.SILENT, Cancellation.NEVER)
            .getFirst();
    assertThat(board.absent()).containsExactly("presets");
    assertThat(board.standings()).hasSize(1);
  }

  @Test
  void contestantsAreCalledByTheirPartsAndUnknownOnesNameTheKnown() throws IOException {
    assertThat(arena(List.of("gram-error+format-encoder"), new Budget.Bits(3)).contestants())
        .extracting(Contestant::id)
        .containsExactly("gram-error");
    assertThatThrownBy(() -> arena(List.of("gram-error+magic"), new Budget.Bits(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'magic'")
        .hasMessageContaining("kronecker-fisher")
        .hasMessageContaining("+gptq");
    assertThatThrownBy(() -> arena(List.of("presets"), new Budget.MaxKl(0.1)))
        .hasMessageContaining("at a size");
  }

  @Test
  void scoresComeBackFromTheStoreAsTheyWere() {
    TokenScores scores =
        new TokenScores(
            2,
            new double[] {0.25, 0, 1e-9, 3},
            new double[] {1, 2, 3, 4},
            new double[] {1.5, 2, 3, 7},
            new boolean[] {true, false, true, true});
    TokenScores back = StoredScores.of(StoredScores.numbers(scores));
    assertThat(back).usingRecursiveComparison().isEqualTo(scores);
  }
}
