package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.RowGradients;
import halftone.parts.Composite;
import halftone.parts.Outliers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checks of the card "squeezellm".
class SqueezeLlmTest {
  private static final SmallLayer LAYER = SmallLayer.of(40, 256, 20, 4);

  private static double cost(float[] numbers, float[] factors, float[] centres) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      double e = numbers[i] - centres[WeightedKMeans.nearest(centres, numbers[i])];
      sum += factors[i] * e * e;
    }
    return sum;
  }

  /// Against every way to cut twelve sorted numbers into three runs.
  @Test
  void centresAreTheExactMinimum() {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      float[] numbers = SmallLayer.gaussian(random, 12, 1);
      Arrays.sort(numbers);
      float[] factors = new float[12];
      for (int i = 0; i < 12; i++) {
        factors[i] = random.nextFloat() + 0.01f;
      }
      double best = Double.POSITIVE_INFINITY;
      for (int a = 1; a < 11; a++) {
        for (int b = a + 1; b < 12; b++) {
          best =
              Math.min(
                  best,
                  run(numbers, factors, 0, a)
                      + run(numbers, factors, a, b)
                      + run(numbers, factors, b, 12));
        }
      }
      float[] centres = WeightedKMeans.centres(numbers, factors, 3);
      assertThat(cost(numbers, factors, centres)).isCloseTo(best, within(1e-5 * best + 1e-9));
    }
  }

  private static double run(float[] numbers, float[] factors, int from, int to) {
    double weight = 0;
    double sum = 0;
    double squares = 0;
    for (int i = from; i < to; i++) {
      weight += factors[i];
      sum += factors[i] * numbers[i];
      squares += (double) factors[i] * numbers[i] * numbers[i];
    }
    return squares - sum * sum / weight;
  }

  @Test
  void fewerNumbersThanCentresRepeatTheLast() {
    float[] centres = WeightedKMeans.centres(new float[] {2, 1, 2}, new float[] {1, 1, 1}, 8);
    assertThat(centres).startsWith(1, 2).doesNotContain(Float.NaN);
    assertThat(WeightedKMeans.centres(new float[3], new float[3], 4)).containsOnly(0);
  }

  @Test
  void aWeightThatAloneMattersBecomesACentre() {
    float[] fisher = new float[40 * 256];
    Arrays.fill(fisher, 1e-6f);
    float[] gradients = new float[40 * 256];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = i % 256 == 17 ? 1000 : 1e-6f;
    }
    RowGradients known = new RowGradients(1, 40, SmallLayer.tensor(gradients, 256, 40));
    Composite found =
        new SqueezeLlm(0, 0)
            .quantize(
                "w",
                LAYER.weight(),
                2,
                new LayerKnowledge(null, null, null, known),
                SmallLayer.WORKERS);
    float[] row = new float[256];
    for (int r = 0; r < 40; r++) {
      found.rows(r, 1, row, 0);
      float w = LAYER.values()[r * 256 + 17];
      assertThat(row[17]).isCloseTo(w, within(Math.abs(w) / 1000));
    }
  }

  @Test
  void sparseValuesAreExactToHalfPrecisionAndAsManyAsAsked() {
    Composite found =
        new SqueezeLlm().quantize("w", LAYER.weight(), 3, LAYER.knowledge(), SmallLayer.WORKERS);
    Outliers outliers = (Outliers) found.parts().get(1);
    assertThat(outliers.count() / (40.0 * 256)).isCloseTo(0.0045, within(0.0005));
    float[] sparse = new float[40 * 256];
    outliers.add(0, 40, sparse, 0);
    float[] all = new float[40 * 256];
    found.rows(0, 40, all, 0);
    for (int i = 0; i < all.length; i++) {
      if (sparse[i] != 0) {
        assertThat(all[i]).isCloseTo(LAYER.values()[i], within(2e-4f));
      }
    }
  }

  /// In every row the weighted objective is below that of 2^b even steps.
  @Test
  void beatsEvenStepsInEveryRow() {
    Composite found =
        new SqueezeLlm(0, 0)
            .quantize("w", LAYER.weight(), 3, LAYER.knowledge(), SmallLayer.WORKERS);
    RowGradients gradients = LAYER.gradients();
    float[] row = new float[256];
    float[] g = new float[256];
    for (int r = 0; r < 40; r++) {
      found.rows(r, 1, row, 0);
      GroupWeights w = new GroupWeights(LAYER.values(), r * 256, 1, 256);
      GroupGrid grid = GroupGrid.minMax(w, 3);
      double ours = 0;
      double even = 0;
      for (int n = 0; n < gradients.samples(); n++) {
        gradients.values().rows((long) n * 40 + r, 1, g, 0);
        for (int j = 0; j < 256; j++) {
          double e = row[j] - w.get(j);
          double f = grid.value(grid.code(w.get(j))) - w.get(j);
          ours += g[j] * g[j] * e * e;
          even += g[j] * g[j] * f * f;
        }
      }
      assertThat(ours).isLessThan(even);
    }
  }
}
