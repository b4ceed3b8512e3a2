package halftone.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.text.Section;
import halftone.text.Text;
import halftone.torch.Memory;
import halftone.workers.Cancellation;
import halftone.workers.CancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final int STEPS = 20;
  private static final NetworkSizes SIZES = new NetworkSizes(32, 2, 4, 2, 64, 280, 16);
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(SIZES, STEPS, 4, 2, 1e-2, 3, 0.1, 7);
  private static final Text TEXT = text(1, 400);
  private static final Text HELD_OUT = text(2, 60);

  @TempDir Path folder;

  /// Sentences of a few words, in which the next letter is often certain.
  private static Text text(long seed, int sentences) {
    List<String> words = List.of("the whale", " swims", " and", " the sea", " is deep", ".\n");
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < sentences; i++) {
      text.append(words.get(0)).append(words.get(1 + random.nextInt(words.size() - 1)));
    }
    return new Text("sentences", List.of(new Section("a.txt", "prose", text.toString())));
  }

  private Trainer trainer(String checkpoint, boolean resume, int threads) throws IOException {
    return new Trainer(
        SETTINGS,
        TEXT,
        HELD_OUT,
        folder.resolve(checkpoint),
        resume,
        threads,
        TrainingProgress.SILENT);
  }

  private static List<float[]> weights(Trainer trainer) {
    return trainer.network().weights().stream().map(Memory::floats).toList();
  }

  @Test
  void aStoppedTrainingEndsInTheSameBitsAsOneThatWasNot() throws Exception {
    List<float[]> straight;
    LossHistory history;
    try (Trainer trainer = trainer("straight", false, 1)) {
      trainer.run(1e9, Cancellation.NEVER);
      straight = weights(trainer);
      history = trainer.network().history();
    }
    AtomicInteger asked = new AtomicInteger();
    try (Trainer trainer = trainer("stopped", false, 2)) {
      Cancellation afterTen = () -> asked.incrementAndGet() >= 10;
      assertThatThrownBy(() -> trainer.run(1e9, afterTen)).isInstanceOf(CancelledException.class);
      assertThat(trainer.network().history().steps()).isLessThan(STEPS);
    }
    try (Trainer trainer = trainer("stopped", true, 2)) {
      trainer.run(1e9, Cancellation.NEVER);
      List<float[]> resumed = weights(trainer);
      for (int i = 0; i < straight.size(); i++) {
        assertThat(resumed.get(i)).isEqualTo(straight.get(i));
      }
      assertThat(trainer.network().history().training()).isEqualTo(history.training());
      assertThat(trainer.network().history().heldOut()).isEqualTo(history.heldOut());
    }
  }

  @Test
  void theLossFallsAndTheFilePredictsTextItHasNotSeen() throws Exception {
    Path file = folder.resolve("tiny.gguf");
    try (Trainer trainer = trainer("falls", false, 2)) {
      trainer.run(1e9, Cancellation.NEVER);
      TrainedNetwork network = trainer.network();
      float[] losses = network.history().training();
      assertThat(losses[0]).isBetween(5.5f, 5.8f); // ln 280 is 5.63
      assertThat(losses[STEPS - 1]).isLessThan(3.5f);
      network.write(file, new LinkedHashMap<>());
      try (halftone.workers.Workers workers = new halftone.workers.LocalWorkers(1)) {
        HeldOutScore score = HeldOutScore.of(file, HELD_OUT, SIZES.context(), workers);
        float lastGlance = network.history().heldOut().getLast().loss();
        assertThat(Math.log(score.perplexity().value()))
            .isBetween(lastGlance - 0.5, lastGlance + 0.5);
        assertThat(score.bitsPerByte()).isBetween(0.1, 4.0);
        cardHolds(network, score);
      }
    }
  }

  private static void cardHolds(TrainedNetwork network, HeldOutScore score) {
    ModelCard card =
        new ModelCard("Tiny", "tiny.gguf", "Made up.", "MIT", TEXT, HELD_OUT, network, score);
    assertThat(card.markdown("loss.svg"))
        .contains("# Tiny\n", TEXT.sha256(), HELD_OUT.sha256(), SETTINGS.line(), "`a.txt`")
        .contains("![Loss by step](loss.svg)", "Perplexity ", " bits a byte", "| 1–1 | ")
        .doesNotContain("%");
    assertThat(card.curve()).startsWith("<svg ").contains("<circle ").doesNotContain("NaN");
  }

  @Test
  void refusesACheckpointOfAnotherTraining() throws Exception {
    try (Trainer trainer = trainer("other", false, 1)) {
      trainer.run(1, 1e9, Cancellation.NEVER);
    }
    TrainingSettings other = new TrainingSettings(SIZES, STEPS, 4, 2, 2e-2, 3, 0.1, 7);
    Path checkpoint = folder.resolve("other");
    assertThatThrownBy(
            () -> new Trainer(other, TEXT, HELD_OUT, checkpoint, true, 1, TrainingProgress.SILENT))
        .hasMessageContaining("other settings")
        .hasMessageContaining("lr=0.02");
    assertThatThrownBy(
            () ->
                new Trainer(SETTINGS, HELD_OUT, TEXT, checkpoint, true, 1, TrainingProgress.SILENT))
        .hasMessageContaining("other text");
    Files.writeString(checkpoint, "not a checkpoint");
    assertThatThrownBy(() -> trainer("other", true, 1))
        .isInstanceOf(halftone.model.MalformedFileException.class);
  }

  @Test
  void rowsOfAnEpochAreEveryPieceOnce() {
    int[] stream = new int[1000];
    java.util.Arrays.setAll(stream, i -> i + 1);
    TrainingRows rows = new TrainingRows(stream, 0, 11, 3);
    List<Integer> starts = new ArrayList<>();
    for (int[] row : rows.rows(0, 99)) {
      assertThat(row).hasSize(11).startsWith(0);
      assertThat(row[10]).isEqualTo(row[1] + 9);
      starts.add(row[1]);
    }
    assertThat(starts).doesNotHaveDuplicates();
    assertThat(rows.epochs(99)).isEqualTo(1);
    assertThat(rows.rows(99, 1)[0]).isNotEqualTo(rows.rows(0, 1)[0]);
    assertThat(rows.rows(0, 1)[0][1]).isEqualTo(starts.getFirst());
  }
}
