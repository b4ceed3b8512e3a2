package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.GradientTap;
import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.numeric.NumberFormats;
import halftone.runtime.Arithmetic;
import halftone.runtime.LogitRows;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Checks of the card "cptquant" on a small network.
class BlockRankingTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final int[] TEXT = new Random(3).ints(96, 0, TinyLlama.VOCABULARY).toArray();

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /// Loss is the squared change of the logits: any distance from the original will do.
  private record OnLogits(Model model) implements BlockProbe {
    @Override
    public int[][] tokens() {
      return new int[][] {TEXT, new Random(4).ints(96, 0, TinyLlama.VOCABULARY).toArray()};
    }

    @Override
    public Workers workers() {
      return WORKERS;
    }

    @Override
    public double meanKl(Model changed, int firstChanged) {
      float[][] before = LogitRows.of(model, TEXT, Arithmetic.EXACT);
      float[][] after = LogitRows.of(changed, TEXT, Arithmetic.EXACT);
      double sum = 0;
      for (int t = 0; t < before.length; t++) {
        for (int i = 0; i < before[t].length; i++) {
          sum += Math.pow(after[t][i] - before[t][i], 2);
        }
      }
      return sum;
    }

    @Override
    public void differentiate(GradientTap tap) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void done() {}
  }

  private static Tensor changed(Tensor tensor, UnaryOperator<float[]> change) {
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
    return new Tensor(
        tensor.name(),
        tensor.shape(),
        NumberFormats.named("F32"),
        MemorySegment.ofArray(change.apply(values)));
  }

  private static Model withoutBranches(Model model, int block) {
    List<Tensor> zero = new ArrayList<>();
    for (String name : Model.residualWriters(model.blocks().get(block))) {
      zero.add(changed(model.tensors().get(name), values -> new float[values.length]));
    }
    return model.with(zero);
  }

  @Test
  void aBlockThatAddsNothingChangesNothing() {
    Model model = withoutBranches(TinyLlama.seeded(4).model(), 1);
    CorrelationRanking ranking = new CorrelationRanking(32, 0.99, false);
    double[] scores = ranking.scores(new OnLogits(model));
    assertThat(scores).hasSameSizeAs(model.blocks());
    assertThat(scores[1]).isCloseTo(0, within(1e-6));
    assertThat(scores[0]).isGreaterThan(1e-3);
    double[] global = new CorrelationRanking(32, 0.99, true).scores(new OnLogits(model));
    assertThat(global).hasSameSizeAs(model.blocks()).doesNotContain(0, 1);
  }

  @Test
  void prunesTheSmallestExactlyAndTheFirstOfEquals() {
    Tensor weight = TinyLlama.seeded(4).model().tensors().get("blk.0.attn_q.weight");
    Tensor steps =
        changed(
            weight,
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] = i % 4 == 0 ? 5 : -1;
              }
              return values;
            });
    Tensor pruned = PruningRanking.pruned(steps, 0.5);
    float[] values = new float[Math.toIntExact(pruned.shape().elements())];
    pruned.rows(0, Math.toIntExact(pruned.shape().rows()), values, 0);
    int zeros = 0;
    for (float value : values) {
      zeros += value == 0 ? 1 : 0;
    }
    assertThat(zeros).isEqualTo(values.length / 2);
    // Three of four are ones: half of all is the first two thirds of these.
    assertThat(values[1]).isZero();
    assertThat(values[values.length - 1]).isEqualTo(-1);
    assertThat(values[0]).isEqualTo(5);
    float[] untouched = new float[values.length];
    PruningRanking.pruned(steps, 0).rows(0, (int) steps.shape().rows(), untouched, 0);
    assertThat(untouched).doesNotContain(0);
  }

  @Test
  void pruningLosesMoreTheMoreIsPruned() {
    Model model = TinyLlama.seeded(4).model();
    for (int block = 0; block < model.blocks().size(); block++) {
      double[] losses = PruningRanking.STANDARD.losses(new OnLogits(model), block);
      assertThat(losses).isSorted();
      assertThat(losses[0]).isPositive();
    }
    assertThat(new PruningRanking(List.of(0.0)).losses(new OnLogits(model), 0)).containsExactly(0);
  }

  @Test
  void halfOfWhatIsHalfZeroCostsNothing() {
    Model model = TinyLlama.seeded(4).model();
    List<Tensor> halves = new ArrayList<>();
    for (String name : Model.linears(model.blocks().get(1))) {
      halves.add(PruningRanking.pruned(model.tensors().get(name), 0.5));
    }
    Model half = model.with(halves);
    assertThat(new PruningRanking(List.of(0.5, 0.7)).losses(new OnLogits(half), 1))
        .satisfies(losses -> assertThat(losses[0]).isZero())
        .satisfies(losses -> assertThat(losses[1]).isPositive());
  }

  @Test
  void theScoreIsTheAreaUnderTheLosses() {
    Model model = TinyLlama.seeded(4).model();
    PruningRanking ranking = new PruningRanking(List.of(0.2, 0.6));
    double[] losses = ranking.losses(new OnLogits(model), 1);
    assertThat(ranking.scores(new OnLogits(model))[1])
        .isCloseTo(0.2 * losses[0] / 2 + 0.4 * (losses[0] + losses[1]) / 2, within(1e-9));
  }

  @Test
  void areSpelledAsTheyAreRead() {
    for (String text :
        List.of("cmpq", "cmpq:global=true", "pmpq", "tdmpq:second=false", "random-blocks:seed=7")) {
      assertThat(BlockRankings.parse(text).orElseThrow().spelled()).isEqualTo(text);
    }
    assertThat(BlockRankings.parse("gram-error")).isEmpty();
    assertThatThrownBy(() -> BlockRankings.parse("pmpq:alpha=1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has a key 'alpha'; known are none");
  }

  @Test
  void equalsShareTheirPlacesAndOrderIsAllThatCounts() {
    assertThat(BlockRanking.ranks(new double[] {1, 1e9, 1, 2}))
        .containsExactly(0.375, 1, 0.375, 0.75);
    assertThat(BlockRanking.ranks(new double[] {7, 7})).containsExactly(0.75, 0.75);
    assertThat(BlockRanking.agreement(new double[] {1, 2, 3}, new double[] {10, 100, 101}))
        .isCloseTo(1, within(1e-12));
    assertThat(BlockRanking.agreement(new double[] {3, 2, 1}, new double[] {10, 100, 101}))
        .isCloseTo(-1, within(1e-12));
    assertThat(BlockRanking.agreement(new double[] {3, 3, 3}, new double[] {1, 2, 3})).isZero();
  }
}
