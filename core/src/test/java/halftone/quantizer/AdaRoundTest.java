package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The checks of the card "adaround".
class AdaRoundTest {
  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  @Test
  void theSoftChoiceStartsAtTheWeight() {
    assertThat(LearnedRounding.hardness(0)).isCloseTo(-2.398, within(1e-3));
    assertThat(LearnedRounding.hardness(0.5)).isCloseTo(0, within(1e-12));
    for (double share : new double[] {0, 0.1, 0.37, 0.5, 0.9, 0.9999}) {
      assertThat(LearnedRounding.soft(LearnedRounding.hardness(share)))
          .isCloseTo(share, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Q4_0", "Q4_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q6_K", "IQ4_NL", "MXFP4"})
  void neighboursEncloseTheWeightAndAreTheNearestTwo(String id) {
    SmallLayer layer = SmallLayer.of(8, 256, 1, 3);
    var fitted = format(id).fit(layer.values(), 0, 8, 256, null);
    Neighbours found = Neighbours.of(layer.values(), fitted);
    float[] wanted = new float[8];
    float[] nearest = new float[8];
    for (int column = 0; column < 256; column++) {
      for (int r = 0; r < 8; r++) {
        wanted[r] = layer.values()[r * 256 + column];
      }
      fitted.round(column, wanted, nearest);
      for (int r = 0; r < 8; r++) {
        float low = found.low()[r * 256 + column];
        float high = found.high()[r * 256 + column];
        assertThat(nearest[r]).isIn(low, high);
        if (low != high) {
          assertThat(low).isLessThan(high);
          assertThat(wanted[r]).isBetween(low, high);
        }
      }
      // Between the two there is no third.
      for (int r = 0; r < 8; r++) {
        wanted[r] =
            (found.low()[r * 256 + column] + found.high()[r * 256 + column]) / 2
                + 1e-4f * (found.high()[r * 256 + column] - found.low()[r * 256 + column]);
      }
      fitted.round(column, wanted, nearest);
      for (int r = 0; r < 8; r++) {
        assertThat(nearest[r]).isIn(found.low()[r * 256 + column], found.high()[r * 256 + column]);
      }
    }
  }

  @Test
  void whiteInputsGiveNearestRounding() {
    SmallLayer layer = SmallLayer.of(16, 64, 1, 5);
    float[] identity = new float[64 * 64];
    for (int i = 0; i < 64; i++) {
      identity[i * 64 + i] = 1;
    }
    LayerInputs inputs =
        new LayerInputs(null, LdlFactor.of(identity, 64, 0, SmallLayer.WORKERS), null);
    float[] learned = decoded(new AdaRound(), layer, "Q4_0", inputs);
    float[] nearest = decoded(new RoundToNearest(), layer, "Q4_0", inputs);
    int same = 0;
    for (int i = 0; i < learned.length; i++) {
      same += learned[i] == nearest[i] ? 1 : 0;
    }
    assertThat(same).isGreaterThan(learned.length * 99 / 100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q4_0", "Q4_K", "IQ4_NL"})
  void losesLessThanNearestOnTheInputsItSawAndOnOthers(String id) {
    SmallLayer layer = SmallLayer.of(24, 256, 600, 6);
    LayerInputs inputs =
        new LayerInputs(null, LdlFactor.of(layer.gram(), 256, 0.01, SmallLayer.WORKERS), null);
    Tensor learned =
        new AdaRound().quantize("w", layer.weight(), format(id), inputs, SmallLayer.WORKERS);
    Tensor nearest =
        new RoundToNearest().quantize("w", layer.weight(), format(id), inputs, SmallLayer.WORKERS);
    assertThat(layer.loss(learned)).isLessThan(0.5 * layer.loss(nearest));
  }

  /// In the end nearly every choice is up or down, and what is not costs nothing.
  @Test
  void choicesBecomeHard() {
    SmallLayer layer = SmallLayer.of(24, 256, 600, 6);
    float[] gram = LdlFactor.of(layer.gram(), 256, 0.01, SmallLayer.WORKERS).product();
    var fitted = format("Q4_0").fit(layer.values(), 0, 24, 256, null);
    Neighbours neighbours = Neighbours.of(layer.values(), fitted);
    float[] low = neighbours.low().clone();
    float[] high = neighbours.high().clone();
    LearnedRounding learning =
        new LearnedRounding(new AdaRound(), layer.values().clone(), neighbours, gram, 256);
    float[] hard = learning.run(SmallLayer.WORKERS);
    double[] shares = learning.shares();
    float[] soft = new float[hard.length];
    int settled = 0;
    for (int i = 0; i < soft.length; i++) {
      settled += shares[i] < 0.01 || shares[i] > 0.99 ? 1 : 0;
      soft[i] = (float) (low[i] + shares[i] * (high[i] - low[i]));
    }
    assertThat(settled).isGreaterThan(soft.length * 999 / 1000);
    double losses =
        layer.loss(SmallLayer.tensor(soft, 256, 24)) / layer.loss(SmallLayer.tensor(hard, 256, 24));
    assertThat(losses).isCloseTo(1, within(0.01));
  }

  /// Ten weights, all 1024 choices: between the optimum and nearest in nearly all cases.
  @Test
  void liesBetweenTheOptimumAndNearest() {
    int trials = 40;
    int between = 0;
    double[] ours = new double[trials];
    double[] theirs = new double[trials];
    for (int trial = 0; trial < trials; trial++) {
      SmallLayer layer = SmallLayer.of(1, 32, 40, 100 + trial);
      Arrays.fill(layer.values(), 10, 32, 0);
      LayerInputs inputs =
          new LayerInputs(null, LdlFactor.of(layer.gram(), 32, 1e-6, SmallLayer.WORKERS), null);
      var fitted = format("Q4_0").fit(layer.values(), 0, 1, 32, null);
      Neighbours neighbours = Neighbours.of(layer.values(), fitted);
      double best = Double.POSITIVE_INFINITY;
      for (int choice = 0; choice < 1024; choice++) {
        float[] row = new float[32];
        for (int j = 0; j < 10; j++) {
          row[j] = (choice >> j & 1) == 1 ? neighbours.high()[j] : neighbours.low()[j];
        }
        best = Math.min(best, layer.loss(SmallLayer.tensor(row, 32, 1)));
      }
      AdaRound adaRound = new AdaRound();
      double learned =
          layer.loss(
              adaRound.quantize("w", layer.weight(), format("Q4_0"), inputs, SmallLayer.WORKERS));
      double nearest =
          layer.loss(
              new RoundToNearest()
                  .quantize("w", layer.weight(), format("Q4_0"), inputs, SmallLayer.WORKERS));
      ours[trial] = learned / best;
      theirs[trial] = nearest / best;
      between += learned <= nearest * 1.000001 ? 1 : 0;
    }
    Arrays.sort(ours);
    Arrays.sort(theirs);
    assertThat(between).isGreaterThanOrEqualTo(trials * 85 / 100);
    assertThat(ours[trials / 2]).isLessThan(0.6 * theirs[trials / 2]);
  }

  @Test
  void latticeFormatsAreRefused() {
    SmallLayer layer = SmallLayer.of(2, 256, 300, 6);
    LayerInputs inputs =
        new LayerInputs(null, LdlFactor.of(layer.gram(), 256, 0.01, SmallLayer.WORKERS), null);
    assertThatThrownBy(
            () ->
                new AdaRound()
                    .quantize("w", layer.weight(), format("IQ3_S"), inputs, SmallLayer.WORKERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 columns together");
  }

  private static float[] decoded(
      Quantizer quantizer, SmallLayer layer, String id, LayerInputs inputs) {
    Tensor rounded =
        quantizer.quantize("w", layer.weight(), format(id), inputs, SmallLayer.WORKERS);
    float[] values = new float[layer.values().length];
    rounded.rows(0, layer.rows(), values, 0);
    return values;
  }
}
