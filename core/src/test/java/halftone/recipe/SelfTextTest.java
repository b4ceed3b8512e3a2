package halftone.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Metadata;
import halftone.model.Model;
import halftone.model.Stage;
import halftone.model.TinyLlama;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.store.ExperimentStore;
import halftone.text.Chunks;
import halftone.tokenizer.Tokenizer;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTextTest {
  private static final int LENGTH = 160;

  private final Model model = new TinyLlama(64, 2, 4, 2, 128, false, 1).model();
  private final Tokenizer tokenizer = tokenizer(model);
  private final Workers workers = new LocalWorkers(2);

  @AfterEach
  void close() {
    workers.close();
  }

  private static Tokenizer tokenizer(Model model) {
    return Tokenizers.of(new Metadata("tiny", model.metadata()));
  }

  private Chunks chunks(int rows, long seed, Workers on) {
    return new SelfText(rows, LENGTH, seed).write(model, tokenizer, on, Progress.SILENT).chunks();
  }

  /// The card's first check.
  @Test
  void aSeedGivesTheSameTokensOnAnyNumberOfThreadsAndAnotherOnesOthers() {
    String hash = chunks(5, 1, workers).sha256();
    try (Workers one = new LocalWorkers(1)) {
      assertThat(chunks(5, 1, one).sha256()).isEqualTo(hash);
    }
    assertThat(chunks(5, 2, workers).sha256()).isNotEqualTo(hash);
  }

  /// More rows than run together.
  @Test
  void theFirstRowsDoNotDependOnHowManyFollow() {
    int[][] few = chunks(3, 1, workers).tokens();
    int[][] many = chunks(18, 1, workers).tokens();
    assertThat(many).hasNumberOfRows(18);
    assertThat(Arrays.copyOf(many, 3)).isDeepEqualTo(few);
    assertThat(Arrays.stream(many).map(Arrays::toString).distinct()).hasSize(18);
  }

  /// The card's second check: drawn from what the model expects, tokens surprise it as much as it
  /// expects to be surprised.
  @Test
  void rowsAreWhatTheModelExpectsAndDoNotRepeatThemselves() {
    int[][] rows = chunks(12, 3, workers).tokens();
    Surprise surprise = surprise(rows);
    assertThat(surprise.loss() / surprise.entropy()).isBetween(0.85, 1.15);
    assertThat(distinctShare(rows)).isGreaterThan(0.8);
    assertThat(List.of(rows))
        .allSatisfy(row -> assertThat(Arrays.stream(row).distinct().count()).isGreaterThan(8));
  }

  /// Means over the drawn tokens, in nats.
  private record Surprise(double loss, double entropy) {}

  private Surprise surprise(int[][] rows) {
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    Activations hidden = engine.embed(rows);
    for (Stage block : model.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    double[] sums = new double[3];
    int[] all = IntStream.range(0, rows.length * LENGTH).toArray();
    engine.head(
        hidden,
        all,
        Tap.NONE,
        (first, count, logits) -> {
          for (int i = 0; i < count; i++) {
            int at = (first + i) % LENGTH;
            if (at >= SelfText.GREEDY && at + 1 < LENGTH) {
              add(logits, i, rows[(first + i) / LENGTH][at + 1], sums);
            }
          }
        });
    return new Surprise(sums[0] / sums[2], sums[1] / sums[2]);
  }

  private static void add(float[] logits, int row, int next, double[] sums) {
    int size = TinyLlama.VOCABULARY;
    double total = 0;
    for (int i = row * size; i < (row + 1) * size; i++) {
      total += Math.exp(logits[i]);
    }
    sums[0] += Math.log(total) - logits[row * size + next];
    for (int i = row * size; i < (row + 1) * size; i++) {
      sums[1] += Math.exp(logits[i]) / total * (Math.log(total) - logits[i]);
    }
    sums[2]++;
  }

  private static double distinctShare(int[][] rows) {
    Set<List<Integer>> seen = new HashSet<>();
    int all = 0;
    for (int[] row : rows) {
      List<Integer> tokens = Arrays.stream(row).boxed().toList();
      for (int i = 0; i + 4 <= row.length; i++) {
        seen.add(tokens.subList(i, i + 4));
        all++;
      }
    }
    return (double) seen.size() / all;
  }

  @Test
  void rowsBeginAsTheModelsOwnTextsDo() {
    int[][] rows = chunks(6, 1, workers).tokens();
    assertThat(rows[0][0]).isEqualTo(tokenizer.bos());
    if (tokenizer.addsBos()) {
      assertThat(List.of(rows)).allSatisfy(row -> assertThat(row[0]).isEqualTo(tokenizer.bos()));
    }
    int second = tokenizer.addsBos() ? 1 : 0;
    assertThat(Arrays.stream(rows).skip(1).mapToInt(row -> row[second]).distinct().count())
        .isGreaterThan(1);
  }

  /// Where the output product is the embedding, a network that has learned nothing expects its last
  /// token again.
  @Test
  void givesUpOnAModelThatCircles() {
    Model circling = TinyLlama.seeded(1).model();
    SelfText wanted = new SelfText(2, LENGTH, 1);
    assertThatThrownBy(() -> wanted.write(circling, tokenizer(circling), workers, Progress.SILENT))
        .hasMessageContaining("repeats itself")
        .hasMessageContaining("give a calibration text");
  }

  @Test
  void finishedBatchesAreNotWrittenAgain(@TempDir Path folder) {
    List<String> steps = new ArrayList<>();
    try (ExperimentStore store = ExperimentStore.open(folder, line -> {})) {
      Workshop shop = new Workshop(model, "hash", workers, new Memo(store), new Steps(steps));
      SelfText.Written first = new SelfText(20, LENGTH, 1).write(shop, tokenizer);
      assertThat(steps).hasSize(1);
      SelfText.Written again = new SelfText(20, LENGTH, 1).write(shop, tokenizer);
      assertThat(steps).hasSize(1);
      assertThat(again.chunks().sha256()).isEqualTo(first.chunks().sha256());
      assertThat(again.text().sha256()).isEqualTo(first.text().sha256());
      assertThat(first.chunks().sha256()).isEqualTo(chunks(20, 1, workers).sha256());
    }
  }

  private record Steps(List<String> names) implements Progress {
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
  void isFoundAgainByItsName() {
    SelfText text = new SelfText(16, 512, -3);
    assertThat(text.name()).isEqualTo("self/16x512/-3");
    assertThat(SelfText.named(text.name())).contains(text);
    assertThat(SelfText.named("builtin/calibration")).isEmpty();
  }
}
