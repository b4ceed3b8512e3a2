package halftone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.TinyLlama;
import halftone.recipe.Effort;
import halftone.recipe.Outcome;
import halftone.recipe.Progress;
import halftone.recipe.Scoring;
import halftone.store.ExperimentStore;
import halftone.workers.Cancellation;
import halftone.workers.CancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationTest {
  private static final Effort SMALL = new Effort("small", 6, 2, 2, 16, 2, 2, 0, true, true);

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void writesAModel() throws IOException {
    model = new TinyLlama(64, 2, 4, 2, 128, false, 7).write(folder.resolve("tiny.gguf"));
  }

  private Quantization to(String output) {
    return Halftone.quantize(model, folder.resolve(output)).effort(SMALL).bits(5);
  }

  /// Hears everything, and asks for a stop when a step begins.
  private static final class Listener implements Progress, Cancellation {
    private final String last;
    private final List<String> steps = new ArrayList<>();
    private final Set<Thread> threads = new HashSet<>();
    private volatile boolean requested;

    Listener(String last) {
      this.last = last;
    }

    @Override
    public void step(String name, int units) {
      steps.add(name);
      threads.add(Thread.currentThread());
      requested |= name.equals(last);
    }

    @Override
    public void done(int units) {
      threads.add(Thread.currentThread());
    }

    @Override
    public void note(String line) {}

    @Override
    public boolean isRequested() {
      return requested;
    }
  }

  @Test
  void fitsIntoMemoryCalibratedOnTheModelsOwnText() throws IOException {
    Outcome outcome =
        to("own.gguf")
            .fit(4_000_000, 64)
            .selfCalibrated()
            .scoring(new Scoring(Scoring.metric("importance"), null))
            .store(folder.resolve("s"))
            .run();
    assertThat(Objects.requireNonNull(outcome.memory()).total(outcome.bytes()))
        .isEqualTo(Files.size(folder.resolve("own.gguf")) + outcome.memory().beside().total())
        .isLessThanOrEqualTo(4_000_000);
    assertThat(outcome.provenance().get("texts")).contains("\"self/");
    assertThat(outcome.provenance().get("sensitivity")).startsWith("ImportanceError");
  }

  @Test
  void makesTheFileAndTellsInTheCallersThreadHowFarItHasCome() throws IOException {
    Listener listener = new Listener("never");
    Outcome outcome =
        to("out.gguf").pin("attn_v", "q8_0").store(folder.resolve("s")).progress(listener).run();
    assertThat(Files.size(folder.resolve("out.gguf"))).isEqualTo(outcome.bytes());
    assertThat(outcome.bitsPerWeight()).isBetween(4.5, 5.0);
    assertThat(outcome.tensors())
        .filteredOn(tensor -> tensor.name().contains("attn_v"))
        .extracting(Outcome.TensorChoice::format)
        .containsOnly("Q8_0");
    assertThat(listener.steps).contains("calibration", "GPTQ", "verification");
    assertThat(listener.threads).containsExactly(Thread.currentThread());
  }

  @Test
  void aCancelledRunKeepsWhatItFinishedAndGoesOnFromThere() throws IOException {
    for (String step : List.of("calibration", "GPTQ", "verification")) {
      Listener listener = new Listener(step);
      assertThatThrownBy(() -> to("out.gguf").progress(listener).cancellation(listener).run())
          .isInstanceOf(CancelledException.class)
          .hasMessageContaining("goes on from there");
      assertThat(listener.steps.getLast()).isEqualTo(step);
      assertThat(names()).containsExactlyInAnyOrder("tiny.gguf", ".halftone");
    }
    Listener listener = new Listener("never");
    to("out.gguf").progress(listener).run();
    assertThat(listener.steps).doesNotContain("calibration");
    to("undisturbed.gguf").store(folder.resolve("other")).run();
    assertThat(folder.resolve("out.gguf"))
        .hasSameBinaryContentAs(folder.resolve("undisturbed.gguf"));
  }

  @Test
  void aRunCancelledWhileItWritesLeavesNoPartOfTheFile() throws IOException {
    Path output = Files.createDirectory(folder.resolve("output"));
    assertThatThrownBy(
            () ->
                Halftone.quantize(model, output.resolve("out.gguf"))
                    .effort(SMALL)
                    .bits(5)
                    .cancellation(() -> !isEmpty(output))
                    .run())
        .isInstanceOf(CancelledException.class);
    assertThat(output).isEmptyDirectory();
  }

  @Test
  void aRequestThatIsCancelledAlreadyDoesNothing() {
    assertThatThrownBy(() -> to("out.gguf").cancellation(() -> true).run())
        .isInstanceOf(CancelledException.class);
    assertThat(folder.resolve("out.gguf")).doesNotExist();
    try (ExperimentStore store = ExperimentStore.open(folder.resolve(".halftone"), report -> {})) {
      assertThat(store.runs()).isEmpty();
    }
  }

  @Test
  void asksForABudgetThatIsMissing() {
    assertThatThrownBy(() -> Halftone.quantize(model, folder.resolve("out.gguf")).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("budget");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static boolean isEmpty(Path directory) {
    String[] names = directory.toFile().list();
    return names == null || names.length == 0;
  }
}
