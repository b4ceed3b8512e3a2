package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.quantizer.LayerInputs;
import halftone.quantizer.RoundToNearest;
import halftone.runtime.Arithmetic;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final int LENGTH = 16;
  private static final Model MODEL = TinyLlama.seeded(1).model();
  private static final ScoredText TEXT =
      ScoredText.cut(tokens(7 * LENGTH), LENGTH, 7, OptionalInt.empty());

  @Test
  void aModelDoesNotDivergeFromItself() {
    TokenScores scores = score(MODEL, 2);
    assertThat(scores.count()).isEqualTo(7 * 7);
    assertThat(scores.divergence()).containsOnly(0);
    assertThat(scores.candidateLoss()).isEqualTo(scores.referenceLoss());
    for (boolean same : scores.sameTop()) {
      assertThat(same).isTrue();
    }
  }

  @Test
  void aChangedWeightDiverges() {
    TokenScores scores = score(changed("blk.1.ffn_down.weight"), 2);
    assertThat(scores.meanDivergence()).isGreaterThan(0.001);
    // Not quite above zero: what the reference gives less than e⁻¹⁶ does not count.
    assertThat(Arrays.stream(scores.divergence()).min().orElseThrow()).isGreaterThan(-1e-6);
  }

  @Test
  void resumingFromTheChangedBlockGivesTheSameScores() {
    Model candidate = changed("blk.1.attn_q.weight");
    try (LocalWorkers workers = new LocalWorkers(2)) {
      for (TreeSet<Integer> kept : List.of(new TreeSet<>(List.of(0, 1)), new TreeSet<Integer>())) {
        Evaluator evaluator = new Evaluator(reference(kept, workers), workers);
        TokenScores whole = evaluator.score(candidate, Arithmetic.EXACT);
        TokenScores resumed = evaluator.score(candidate, Arithmetic.EXACT, 1);
        assertThat(resumed.divergence()).isEqualTo(whole.divergence());
        assertThat(resumed.candidateLoss()).isEqualTo(whole.candidateLoss());
      }
    }
  }

  @Test
  void keepingTheReferencesLogitsDoesNotChangeScores() {
    Model candidate = changed("blk.1.attn_q.weight");
    try (LocalWorkers workers = new LocalWorkers(2)) {
      Reference reference = reference(new TreeSet<>(), workers);
      double[] fresh =
          new Evaluator(reference, workers).score(candidate, Arithmetic.EXACT).divergence();
      // Room for all, and for the first chunks only.
      for (long room : new long[] {1_000_000, 4 * 7 * TinyLlama.VOCABULARY}) {
        Evaluator keeping = new Evaluator(reference, workers, new Evaluator.Room(room, 0));
        keeping.score(MODEL, Arithmetic.EXACT);
        assertThat(keeping.score(candidate, Arithmetic.EXACT).divergence()).isEqualTo(fresh);
      }
    }
  }

  /// Room for the weights of a block, of both, and none: candidates share what was packed.
  @Test
  void keepingPackedWeightsDoesNotChangeScores() {
    try (LocalWorkers workers = new LocalWorkers(2)) {
      Model original = inEightBits(MODEL, workers);
      Tensor changed = changed("blk.1.ffn_down.weight").tensors().get("blk.1.ffn_down.weight");
      Model candidate = original.with(List.of(changed));
      Reference reference =
          Reference.measure(original, Arithmetic.INT8, TEXT, new TreeSet<>(), workers);
      double[] fresh =
          new Evaluator(reference, workers).score(candidate, Arithmetic.INT8).divergence();
      for (long room : new long[] {100_000, 10_000_000}) {
        Evaluator keeping = new Evaluator(reference, workers, new Evaluator.Room(0, room));
        assertThat(keeping.score(original, Arithmetic.INT8).meanDivergence()).isZero();
        assertThat(keeping.score(candidate, Arithmetic.INT8).divergence()).isEqualTo(fresh);
      }
    }
  }

  private static Model inEightBits(Model model, LocalWorkers workers) {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
    List<Tensor> tensors = new ArrayList<>();
    for (String name : model.linears()) {
      Tensor weight = model.tensors().get(name);
      tensors.add(
          new RoundToNearest().quantize(name, weight, format, LayerInputs.UNKNOWN, workers));
    }
    return model.with(tensors);
  }

  @Test
  void aChangedHeadAloneNeedsNoBlock() {
    Model candidate = changed("output_norm.weight");
    try (LocalWorkers workers = new LocalWorkers(2)) {
      Evaluator evaluator = new Evaluator(reference(new TreeSet<>(), workers), workers);
      assertThat(evaluator.score(candidate, Arithmetic.EXACT, 2).divergence())
          .isEqualTo(evaluator.score(candidate, Arithmetic.EXACT).divergence());
    }
  }

  @Test
  void scoresDoNotDependOnTheNumberOfWorkers() {
    Model candidate = changed("blk.0.attn_output.weight");
    assertThat(score(candidate, 1).divergence()).isEqualTo(score(candidate, 3).divergence());
  }

  @Test
  void lossesOfTheModelAloneAreThoseOfTheComparison() {
    try (LocalWorkers workers = new LocalWorkers(2)) {
      assertThat(Losses.of(MODEL, Arithmetic.EXACT, TEXT, workers))
          .isEqualTo(score(MODEL, 2).referenceLoss());
    }
  }

  @Test
  void refusesAnotherVocabularyAndAStartInAnotherArithmetic() {
    try (LocalWorkers workers = new LocalWorkers(1)) {
      Evaluator evaluator = new Evaluator(reference(new TreeSet<>(), workers), workers);
      Model narrower = withRows(MODEL, TinyLlama.VOCABULARY - 1);
      assertThatThrownBy(() -> evaluator.score(narrower, Arithmetic.EXACT))
          .hasMessageContaining("vocabulary of 263")
          .hasMessageContaining("264");
      assertThatThrownBy(() -> evaluator.score(MODEL, Arithmetic.LLAMA, 1))
          .hasMessageContaining("EXACT");
    }
  }

  private static TokenScores score(Model candidate, int workerCount) {
    try (LocalWorkers workers = new LocalWorkers(workerCount)) {
      return new Evaluator(reference(new TreeSet<>(), workers), workers)
          .score(candidate, Arithmetic.EXACT);
    }
  }

  private static Reference reference(TreeSet<Integer> kept, LocalWorkers workers) {
    return Reference.measure(MODEL, Arithmetic.EXACT, TEXT, kept, workers);
  }

  /// The model with one tensor of another seed's.
  private static Model changed(String name) {
    return MODEL.with(List.of(TinyLlama.seeded(2).model().tensors().get(name)));
  }

  private static Model withRows(Model model, long rows) {
    Tensor table = model.tensors().get("token_embd.weight");
    halftone.tensor.Shape shape = halftone.tensor.Shape.of(table.shape().columns(), rows);
    Tensor cut =
        new Tensor(
            table.name(),
            shape,
            table.format(),
            table.bytes().asSlice(0, Tensor.bytesOf(shape, table.format())));
    java.util.LinkedHashMap<String, Tensor> tensors =
        new java.util.LinkedHashMap<>(model.tensors());
    tensors.put(cut.name(), cut);
    return new Model(model.stages(), tensors, model.metadata());
  }

  private static int[] tokens(int count) {
    return new Random(5).ints(count, 0, 256).toArray();
  }
}
