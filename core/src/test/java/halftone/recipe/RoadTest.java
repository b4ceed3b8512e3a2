package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.allocation.InfeasibleBudgetException;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.preset.TensorTypeFile;
import halftone.preset.TensorTypeRule;
import halftone.text.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoadTest {
  /// As balanced, on less text: a tiny network needs no more.
  static final Effort SMALL = new Effort("small", 6, 2, 2, 16, 2, 2, 0, true, true);

  /// Untied: a random tied network predicts the token it reads with certainty, whatever its
  /// weights.
  private static final TinyLlama NETWORK = new TinyLlama(256, 2, 4, 2, 512, false, 7);

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void makeModel() throws IOException {
    model = NETWORK.write(folder.resolve("tiny.gguf"));
  }

  private Request request(Effort effort, Budget budget, String name, String store, int threads)
      throws IOException {
    return new Request(
        model,
        List.of(new Request.Target(budget, folder.resolve(name))),
        effort,
        Texts.builtIn(),
        List.of(),
        null,
        folder.resolve(store),
        threads);
  }

  /// Every point's losses and bytes are those of the formats its changes lead to.
  private static void requireTrueCurve(Outcome outcome) {
    Map<Integer, Outcome.Alternative> formats = new HashMap<>();
    long elements = NETWORK.tensors().values().stream().mapToLong(t -> t.shape().elements()).sum();
    Outcome.CurvePoint before = outcome.curve().getFirst();
    for (Outcome.CurvePoint point : outcome.curve()) {
      for (Outcome.Change change : point.changes()) {
        formats.put(
            change.tensor(),
            outcome.tensors().get(change.tensor()).alternatives().get(change.alternative()));
      }
      double loss = formats.values().stream().mapToDouble(Outcome.Alternative::loss).sum();
      assertThat(point.loss()).isCloseTo(loss, within(1e-9 * Math.abs(loss) + 1e-12));
      long bytes = 0;
      for (int i = 0; i < outcome.tensors().size(); i++) {
        Outcome.Alternative format = formats.get(i);
        bytes += format == null ? outcome.tensors().get(i).bytes() : format.bytes();
      }
      assertThat(point.bitsPerWeight()).isCloseTo(8.0 * bytes / elements, within(1e-9));
      assertThat(point.bytes()).isGreaterThan(bytes).isGreaterThanOrEqualTo(before.bytes());
      before = point;
    }
    assertThat(outcome.curve()).hasSizeGreaterThan(10);
  }

  /// Counts the units of work that are really done.
  private static final class Counter implements Progress {
    final List<String> steps = new ArrayList<>();

    @Override
    public void step(String name, int units) {
      steps.add(name);
    }

    @Override
    public void done(int units) {}

    @Override
    public void note(String line) {}
  }

  @Test
  void hitsTheBudgetFromBelowWithAFileThatLoads() throws IOException {
    Budget.Size budget = new Budget.Size(1_000_000);
    Outcome outcome =
        new Road(request(SMALL, budget, "out.gguf", "store", 2), Progress.SILENT).run().getFirst();
    long size = Files.size(folder.resolve("out.gguf"));
    assertThat(size).isEqualTo(outcome.bytes()).isLessThanOrEqualTo(budget.bytes());
    try (GgufFile file = GgufReader.open(folder.resolve("out.gguf"))) {
      assertThat(ModelReader.read(file).stages()).hasSize(4);
      assertThat(file.metadata())
          .containsKeys(
              "halftone.recipe",
              "halftone.texts",
              "halftone.source.sha256",
              "general.quantization_version");
    }
    assertThat(outcome.candidates().getFirst().bytes())
        .isBetween((long) (budget.bytes() * 0.95), budget.bytes());
    assertThat(outcome.verification()).isNotNull();
    requireTrueCurve(outcome);
    assertThat(outcome.tensors())
        .hasSize(NETWORK.tensors().size())
        .allMatch(tensor -> !tensor.reason().isEmpty());
  }

  @Test
  void secondSizeNeedsNoNewMeasurement() throws IOException {
    new Road(request(SMALL, new Budget.Size(1_000_000), "a.gguf", "store", 2), Progress.SILENT)
        .run();
    Counter counter = new Counter();
    new Road(request(SMALL, new Budget.Bits(5), "b.gguf", "store", 2), counter).run();
    assertThat(counter.steps).doesNotContain("calibration");
  }

  @Test
  void threadsAndAnInterruptedStoreDoNotChangeTheBytes() throws IOException {
    Budget.Size budget = new Budget.Size(1_000_000);
    new Road(request(SMALL, budget, "one.gguf", "store-1", 1), Progress.SILENT).run();
    Progress dies =
        new Progress() {
          private int units = 12;

          @Override
          public void step(String name, int count) {}

          @Override
          public void done(int count) {
            units -= count;
            if (units < 0) {
              throw new IllegalStateException("killed");
            }
          }

          @Override
          public void note(String line) {}
        };
    Request request = request(SMALL, budget, "two.gguf", "store-2", 2);
    assertThatThrownBy(() -> new Road(request, dies).run()).hasMessage("killed");
    assertThat(folder.resolve("two.gguf")).doesNotExist();
    new Road(request, Progress.SILENT).run();
    assertThat(folder.resolve("two.gguf")).hasSameBinaryContentAs(folder.resolve("one.gguf"));
  }

  @Test
  void refusesAnImpossibleBudgetWithTheSmallestReachable() throws IOException {
    Request request = request(SMALL, new Budget.Size(100_000), "out.gguf", "store", 2);
    assertThatThrownBy(() -> new Road(request, Progress.SILENT).run())
        .isInstanceOf(InfeasibleBudgetException.class)
        .hasMessageContaining("smallest");
    assertThat(folder.resolve("out.gguf")).doesNotExist();
  }

  @Test
  void pinsAlwaysWinAndAreReported() throws IOException {
    TensorTypeRule pin = TensorTypeFile.parse("blk\\.0\\.attn_v=q8_0", "test");
    Request request =
        new Request(
            model,
            List.of(new Request.Target(new Budget.Bits(5), folder.resolve("out.gguf"))),
            SMALL,
            Texts.builtIn(),
            List.of(pin),
            null,
            folder.resolve("store"),
            2);
    Outcome outcome = new Road(request, Progress.SILENT).run().getFirst();
    Outcome.TensorChoice pinned =
        outcome.tensors().stream()
            .filter(tensor -> tensor.name().equals("blk.0.attn_v.weight"))
            .findFirst()
            .orElseThrow();
    assertThat(pinned.format()).isEqualTo("Q8_0");
    assertThat(pinned.reason()).isEqualTo("pinned");
  }

  @Test
  void rivalsKeepPinsToo() {
    List<TensorTypeRule> pins = List.of(TensorTypeFile.parse("blk\\.0\\.attn_v=q8_0", "test"));
    assertThat(Candidates.all(NETWORK.model(), pins))
        .isNotEmpty()
        .allMatch(rival -> rival.formats().get("blk.0.attn_v.weight").id().equals("Q8_0"));
  }

  @Test
  void withoutGptqInTheBlocksTheOutputProductStillHasIt() throws IOException {
    Effort fast = new Effort("small fast", 6, 2, 2, 16, 2, 1, 0, true, false);
    List<Outcome.Candidate> candidates = candidates(fast, 4);
    assertThat(candidates.get(0).name()).isEqualTo("halftone");
    assertThat(candidates.get(1).name()).isEqualTo("halftone, encoder only");
    assertThat(candidates.get(0).kl()).isLessThan(candidates.get(1).kl());
  }

  /// Swaps in integers promise what is measured then, of ours and of presets.
  @Test
  void theQuickWayPromisesWhatItKeeps() throws IOException {
    Effort quick = new Effort("quick", 6, 2, 2, 16, 2, 1, 1, false, false);
    List<Outcome.Candidate> candidates = candidates(quick, 5);
    List<Outcome.Candidate> promised =
        candidates.stream().filter(each -> each.predictedKl() > 0).toList();
    assertThat(promised).anyMatch(Outcome.Candidate::ours).anyMatch(each -> !each.ours());
    assertThat(promised).allMatch(each -> Math.abs(Math.log(each.predictedKl() / each.kl())) < 0.3);
  }

  private List<Outcome.Candidate> candidates(Effort effort, int bits) throws IOException {
    Request request = request(effort, new Budget.Bits(bits), "out.gguf", "store", 2);
    return new Road(request, Progress.SILENT).run().getFirst().candidates();
  }

  @Test
  void rivalsWithoutHopeAreLeftOut() {
    List<Candidates.Rival> rivals = Candidates.all(NETWORK.model(), List.of()).subList(0, 4);
    double[] losses = {1, 1.4, 1.6, Double.NaN};
    Rivals.Promise promise =
        formats -> {
          double loss =
              IntStream.range(0, 4)
                  .filter(i -> rivals.get(i).formats().equals(formats))
                  .mapToDouble(i -> losses[i])
                  .findFirst()
                  .orElseThrow();
          return Double.isNaN(loss) ? OptionalDouble.empty() : OptionalDouble.of(loss);
        };
    assertThat(Rivals.hopeful(rivals, promise))
        .containsExactly(rivals.get(0), rivals.get(1), rivals.get(3));
    assertThat(Rivals.hopeful(rivals, Rivals.Promise.NONE)).isEqualTo(rivals);
  }

  @Test
  void findsTheSmallestFileWithinALoss() throws IOException {
    Outcome outcome =
        new Road(request(SMALL, new Budget.MaxKl(0.01), "out.gguf", "store", 2), Progress.SILENT)
            .run()
            .getFirst();
    assertThat(outcome.candidates().getFirst().kl()).isLessThanOrEqualTo(0.01);
  }
}
