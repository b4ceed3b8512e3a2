package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.RowGradients;
import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import halftone.parts.SomeRows;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checks of the cards "slim-llm" and "mixllm" on one layer.
class MixedRowsAndGroupsTest {
  private static final SmallLayer LAYER = SmallLayer.of(48, 512, 60, 8);

  /// Inputs of two groups ten times larger, of two others ten times smaller.
  private static SmallLayer planted() {
    SmallLayer layer = SmallLayer.of(48, 512, 60, 8);
    for (int i = 0; i < layer.inputs().length; i++) {
      int group = i % 512 / 64;
      layer.inputs()[i] *= group == 2 || group == 5 ? 10 : group == 0 || group == 7 ? 0.01f : 1;
    }
    return layer;
  }

  private static byte[] widths(SmallLayer layer, int bits) {
    Composite found =
        new SlimLlm().quantize("w", layer.weight(), bits, layer.knowledge(), SmallLayer.WORKERS);
    return ((GroupCodes) found.parts().getFirst()).widths();
  }

  @Test
  void asManyGroupsGetABitMoreAsGetOneLess() {
    for (int bits : new int[] {2, 3, 4}) {
      byte[] widths = widths(LAYER, bits);
      int sum = 0;
      int wide = 0;
      for (byte width : widths) {
        sum += width;
        wide += width == bits + 1 ? 1 : 0;
        assertThat((int) width).isBetween(bits - 1, bits + 1);
      }
      assertThat(sum).isEqualTo(bits * widths.length);
      assertThat(wide).isPositive();
    }
  }

  @Test
  void plantedGroupsAreFound() {
    byte[] widths = widths(planted(), 3);
    assertThat(widths[0] + widths[7]).isLessThan(6);
    assertThat(widths[2] + widths[5]).isGreaterThan(6);
    assertThat(widths[0]).isLessThan((byte) 4);
    assertThat(widths[2]).isGreaterThan((byte) 2);
  }

  @Test
  void salientWidthsBeatRandomOnes() {
    SmallLayer layer = planted();
    LayerKnowledge known = layer.knowledge();
    byte[] chosen = widths(layer, 3);
    int better = 0;
    for (int seed = 0; seed < 10; seed++) {
      byte[] random = chosen.clone();
      Random shuffle = new Random(seed);
      for (int i = random.length - 1; i > 0; i--) {
        int j = shuffle.nextInt(i + 1);
        byte kept = random[i];
        random[i] = random[j];
        random[j] = kept;
      }
      GroupGptq gptq = new GroupGptq(64, false, false, false, 0.01);
      WholeWeight whole = WholeWeight.of(layer.weight());
      Composite ours =
          Composite.of(
              layer.weight().shape(), gptq.codes("w", whole, chosen, known, SmallLayer.WORKERS));
      Composite theirs =
          Composite.of(
              layer.weight().shape(), gptq.codes("w", whole, random, known, SmallLayer.WORKERS));
      better += layer.loss(ours) <= layer.loss(theirs) ? 1 : 0;
    }
    assertThat(better).isGreaterThanOrEqualTo(9);
  }

  @Test
  void threeGroupsHaveOneWidth() {
    SmallLayer small = SmallLayer.of(16, 192, 40, 2);
    assertThat(widths(small, 3)).containsOnly(3);
  }

  @Test
  void rowScoresAreThoseOfTheGradients() {
    MixLlm mix = new MixLlm();
    RowGradients gradients = LAYER.gradients();
    double[] scores = mix.scores(LAYER.weight(), 4, gradients, SmallLayer.WORKERS);
    float[] g = new float[512];
    double expected = 0;
    for (int n = 0; n < gradients.samples(); n++) {
      gradients.values().rows((long) n * 48 + 5, 1, g, 0);
      double d = 0;
      for (int from = 0; from < 512; from += 64) {
        GroupWeights w = new GroupWeights(LAYER.values(), 5 * 512 + from, 1, 64);
        GroupGrid grid = GroupGrid.minMax(w, 4);
        for (int j = 0; j < 64; j++) {
          d += g[from + j] * (grid.value(grid.code(w.get(j))) - w.get(j));
        }
      }
      expected += Math.abs(d + d * d / 2);
    }
    assertThat(scores[5]).isCloseTo(expected, within(1e-4 * expected));
  }

  @Test
  void exactlyTheShareOfRowsIsPromoted() {
    for (double share : new double[] {0, 0.1, 0.5, 1}) {
      Composite found =
          new MixLlm(64, true, share)
              .quantize("w", LAYER.weight(), 4, LAYER.knowledge(), SmallLayer.WORKERS);
      long promoted =
          found.parts().stream()
              .mapToLong(
                  part ->
                      switch (part) {
                        case SomeRows some when ((GroupCodes) some.inner()).widths()[0] == 8 ->
                            some.count();
                        case GroupCodes all when all.widths()[0] == 8 -> all.rows();
                        default -> 0;
                      })
              .sum();
      assertThat(promoted).isEqualTo(Math.round(share * 48));
    }
  }

  /// Rows of either width add up to the whole weight, each in its place.
  @Test
  void promotedRowsAreFiner() {
    boolean[] isPromoted = new boolean[48];
    Arrays.fill(isPromoted, 10, 20, true);
    Composite found =
        new MixLlm()
            .quantize("w", LAYER.weight(), 4, isPromoted, LAYER.knowledge(), SmallLayer.WORKERS);
    float[] row = new float[512];
    for (int r = 0; r < 48; r++) {
      found.rows(r, 1, row, 0);
      double error = 0;
      for (int j = 0; j < 512; j++) {
        error += Math.pow(row[j] - LAYER.values()[r * 512 + j], 2) / 512;
      }
      assertThat(Math.sqrt(error))
          .isBetween(isPromoted[r] ? 0.0 : 2e-3, isPromoted[r] ? 2e-3 : 2e-2);
    }
  }
}
