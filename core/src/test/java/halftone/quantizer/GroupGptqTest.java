package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The checks of the card "gptq" for integers in groups.
class GroupGptqTest {
  private static final SmallLayer LAYER = SmallLayer.of(70, 128, 300, 1);
  private static final GroupGptq PLAIN = new GroupGptq(32, false, false, false, 0.01);

  private static LayerKnowledge diagonal(int size) {
    float[] gram = new float[size * size];
    for (int i = 0; i < size; i++) {
      gram[i * size + i] = 1 + i % 5;
    }
    LdlFactor factor = LdlFactor.of(gram, size, 0, SmallLayer.WORKERS);
    return new LayerKnowledge(SmallLayer.moments(gram, size), factor, null, null);
  }

  private static Composite quantize(GroupGptq gptq, int bits, LayerKnowledge known) {
    return gptq.quantize("w", LAYER.weight(), bits, known, SmallLayer.WORKERS);
  }

  private static GroupCodes codes(Composite composite) {
    return (GroupCodes) composite.parts().getFirst();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 8})
  void withADiagonalHessianEqualsPlainRounding(int bits) {
    GroupCodes found = codes(quantize(PLAIN, bits, diagonal(128)));
    for (int row = 0; row < LAYER.rows(); row++) {
      byte[] codesOfRow = found.codesOfRow(row);
      for (int g = 0; g < 4; g++) {
        GroupWeights w = new GroupWeights(LAYER.values(), row * 128 + g * 32, 1, 32);
        GroupGrid grid = GroupGrid.minMax(w, bits);
        assertThat(found.scale(row, g)).isEqualTo(grid.scale());
        for (int j = 0; j < 32; j++) {
          assertThat(codesOfRow[g * 32 + j] & 0xFF).isEqualTo(grid.code(w.get(j)));
        }
      }
    }
  }

  @Test
  void twoColumnsFollowTheClosedForm() {
    float[] gram = {2, 1.2f, 1.2f, 1.5f};
    LdlFactor factor = LdlFactor.of(gram, 2, 0, SmallLayer.WORKERS);
    float[] w = {0.31f, -0.62f};
    Composite found =
        new GroupGptq(1, false, false, false, 0)
            .quantize(
                "w",
                SmallLayer.tensor(w, 2, 1),
                3,
                new LayerKnowledge(SmallLayer.moments(gram, 2), factor, null, null),
                SmallLayer.WORKERS);
    float[] row = new float[2];
    found.rows(0, 1, row, 0);
    double second = w[1] + 1.2 / 1.5 * (w[0] - row[0]);
    GroupGrid grid = GroupGrid.minMax(new GroupWeights(new float[] {(float) second}, 0, 1, 1), 3);
    assertThat((double) row[1]).isCloseTo(grid.value(grid.code((float) second)), within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void losesFarLessThanRoundingWhereInputsAreCorrelated(int bits) {
    double rounded = LAYER.loss(quantize(PLAIN, bits, diagonal(128)));
    assertThat(LAYER.loss(quantize(PLAIN, bits, LAYER.knowledge()))).isLessThan(rounded / 2);
    GroupGptq ordered = new GroupGptq(32, true, false, false, 0.01);
    assertThat(LAYER.loss(quantize(ordered, bits, LAYER.knowledge()))).isLessThan(rounded / 2);
  }

  /// Permuting columns of weight and Hessian, and the result back, is what act-order does.
  @Test
  void actOrderIsAPermutation() {
    LayerKnowledge known = LAYER.knowledge();
    float[] gram = known.requireGram("test", "w");
    int[] order = GroupGptq.byFallingDiagonal(gram, 128);
    float[] permuted = new float[LAYER.values().length];
    for (int r = 0; r < LAYER.rows(); r++) {
      for (int k = 0; k < 128; k++) {
        permuted[r * 128 + k] = LAYER.values()[r * 128 + order[k]];
      }
    }
    // One group, so that grids do not depend on the order of columns.
    LdlFactor factor = LdlFactor.of(GroupGptq.permuted(gram, order), 128, 0.01, SmallLayer.WORKERS);
    GroupCodes inOrder =
        codes(
            new GroupGptq(128, false, false, false, 0.01)
                .quantize(
                    "w",
                    SmallLayer.tensor(permuted, 128, LAYER.rows()),
                    3,
                    new LayerKnowledge(SmallLayer.moments(gram, 128), factor, null, null),
                    SmallLayer.WORKERS));
    GroupCodes found = codes(quantize(new GroupGptq(128, true, false, false, 0.01), 3, known));
    for (int row = 0; row < LAYER.rows(); row++) {
      byte[] back = new byte[128];
      byte[] sweptRow = inOrder.codesOfRow(row);
      for (int k = 0; k < 128; k++) {
        back[order[k]] = sweptRow[k];
      }
      assertThat(found.codesOfRow(row)).isEqualTo(back);
    }
  }

  /// Six columns of two bits, all 4096 choices: the card measured a median of 1.17 times the
  /// optimum where rounding has 1.89, and GPTQ no worse than rounding in 90 % of rows.
  @Test
  void comesNearTheExhaustiveOptimum() {
    int trials = 200;
    double[] ratios = new double[trials];
    double[] nearest = new double[trials];
    int noWorse = 0;
    for (int trial = 0; trial < trials; trial++) {
      SmallLayer layer = correlated(trial);
      LayerKnowledge known = layer.knowledge();
      GroupGrid grid = GroupGrid.minMax(new GroupWeights(layer.values(), 0, 1, 6), 2);
      double best = Double.POSITIVE_INFINITY;
      for (int choice = 0; choice < 4096; choice++) {
        best = Math.min(best, layer.loss(row(grid, choice)));
      }
      Composite swept =
          new GroupGptq(6, false, false, false, 0.01)
              .quantize("w", layer.weight(), 2, known, SmallLayer.WORKERS);
      int rounded = 0;
      for (int j = 5; j >= 0; j--) {
        rounded = rounded * 4 + grid.code(layer.values()[j]);
      }
      ratios[trial] = layer.loss(swept) / best;
      nearest[trial] = layer.loss(row(grid, rounded)) / best;
      assertThat(ratios[trial]).isGreaterThan(0.999);
      noWorse += ratios[trial] <= nearest[trial] * 1.0001 ? 1 : 0;
    }
    Arrays.sort(ratios);
    Arrays.sort(nearest);
    assertThat(ratios[trials / 2]).isLessThan(1.5).isLessThan(nearest[trials / 2]);
    assertThat(noWorse).isGreaterThan(trials * 8 / 10);
  }

  private static SmallLayer correlated(int seed) {
    Random random = new Random(seed);
    float[] inputs = new float[60 * 6];
    float[] mixing = SmallLayer.gaussian(random, 36, 1);
    for (int t = 0; t < 60; t++) {
      float[] hidden = SmallLayer.gaussian(random, 6, 1);
      for (int j = 0; j < 6; j++) {
        for (int k = 0; k < 6; k++) {
          inputs[t * 6 + j] += mixing[k * 6 + j] * hidden[k];
        }
      }
    }
    return new SmallLayer(1, 6, SmallLayer.gaussian(random, 6, 1), inputs);
  }

  private static halftone.tensor.Weight row(GroupGrid grid, int choice) {
    float[] values = new float[6];
    for (int j = 0; j < 6; j++) {
      values[j] = grid.value(choice >> 2 * j & 3);
    }
    return SmallLayer.tensor(values, 6, 1);
  }

  @Test
  void bitsAreThoseOfCodesScalesAndZeros() {
    assertThat(quantize(PLAIN, 3, LAYER.knowledge()).bitsPerWeight()).isEqualTo(4);
    assertThat(
            quantize(new GroupGptq(64, false, true, false, 0.01), 4, LAYER.knowledge())
                .bitsPerWeight())
        .isEqualTo(4.5);
  }

  /// What kernels of 4-bit checkpoints want: the zero point of every group is the middle code.
  @Test
  void symmetricGroupsHaveTheirZeroInTheMiddle() {
    SmallLayer layer = SmallLayer.of(16, 256, 300, 3);
    for (boolean search : new boolean[] {false, true}) {
      GroupCodes found =
          new GroupGptq(32, false, search, true, 0.01)
              .codes("w", layer.weight(), 4, layer.knowledge(), SmallLayer.WORKERS);
      for (int row = 0; row < 16; row++) {
        for (int g = 0; g < 8; g++) {
          assertThat(found.zero(row, g)).isEqualTo(8);
        }
      }
      Composite rounded = Composite.of(layer.weight().shape(), found);
      assertThat(layer.error(rounded)).isLessThan(1e-4);
    }
  }
}
