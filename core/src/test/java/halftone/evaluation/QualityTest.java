package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checks of the quality-metrics card that need no file.
class QualityTest {
  @Test
  void uniformLogitsHaveThePerplexityOfTheVocabulary() {
    double[] losses = new double[200];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = Losses.of(new float[1000], 0, 1000, i);
    }
    Estimate perplexity = Perplexity.of(losses);
    assertThat(perplexity.value()).isCloseTo(1000, within(1e-6));
    assertThat(perplexity.error()).isCloseTo(0, within(1e-6));
  }

  @Test
  void aCertainPredictionHasPerplexityOne() {
    float[] logits = new float[1000];
    logits[17] = 40;
    double[] losses = new double[100];
    Arrays.fill(losses, Losses.of(logits, 0, 1000, 17));
    assertThat(Perplexity.of(losses).value()).isCloseTo(1, within(1e-6));
  }

  @Test
  void threeTokensByHand() {
    float[] p = logarithms(0.5, 0.25, 0.25);
    float[] q = logarithms(0.25, 0.5, 0.25);
    TokenScorer scorer = new TokenScorer(1, 1);
    scorer.logits(0, p, 0, q, 0, 3, 0);
    TokenScores scores = scorer.scores();
    assertThat(scores.divergence()[0]).isCloseTo(0.25 * Math.log(2), within(1e-7));
    assertThat(scores.sameTop()[0]).isFalse();
    assertThat(scores.probabilityChange()[0]).isCloseTo(-0.25, within(1e-7));
  }

  @Test
  void aNetworkDoesNotDivergeFromItself() {
    float[] row = randomRow(50_000, 1);
    TokenScorer scorer = new TokenScorer(1, 1);
    scorer.logits(0, row, 0, row.clone(), 0, row.length, 3);
    assertThat(scorer.scores().divergence()[0]).isZero();
    assertThat(scorer.scores().sameTop()[0]).isTrue();
  }

  @Test
  void aShiftOfAllLogitsChangesNothing() {
    float[] row = randomRow(50_000, 2);
    float[] shifted = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      shifted[i] = row[i] + 8;
    }
    TokenScorer scorer = new TokenScorer(1, 1);
    scorer.logits(0, row, 0, shifted, 0, row.length, 3);
    assertThat(scorer.scores().divergence()[0]).isCloseTo(0, within(2e-6));
  }

  @Test
  void identicalLossesLeaveNoUncertaintyOfTheRatio() {
    double[] losses = new Random(3).doubles(500).toArray();
    PerplexityRatio ratio = PerplexityRatio.of(losses, losses.clone());
    assertThat(ratio.logRatio().error()).isCloseTo(0, within(1e-9));
    assertThat(ratio.logRatio().value()).isZero();
    assertThat(ratio.difference().error()).isCloseTo(0, within(1e-6));
    assertThat(ratio.correlation()).isCloseTo(1, within(1e-9));
  }

  @Test
  void percentilesInterpolate() {
    float[] five = {0, 1, 2, 3, 4};
    assertThat(Distribution.percentile(five, 0.9)).isCloseTo(3.6, within(1e-12));
    assertThat(Distribution.of(new double[] {4, 1, 3, 2}).median()).isEqualTo(2.5);
  }

  @Test
  void ninetyNineTokensGiveNoStatistics() {
    double[] values = new double[99];
    TokenScores scores = new TokenScores(1, values, values, values, new boolean[99]);
    assertThat(scores.meanDivergence()).isZero();
    assertThatThrownBy(() -> Quality.of(scores)).hasMessageContaining("99 scored tokens");
  }

  @Test
  void refusesWhatIsNotANumber() {
    float[] good = new float[64];
    float[] bad = new float[64];
    bad[5] = Float.NaN;
    TokenScorer scorer = new TokenScorer(1, 1);
    assertThatThrownBy(() -> scorer.logits(0, good, 0, bad, 0, 64, 0))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("candidate");
    assertThatThrownBy(() -> scorer.logits(0, bad, 0, good, 0, 64, 0))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("reference");
    assertThatThrownBy(() -> scorer.logits(0, good, 0, good, 0, 64, 64))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static float[] logarithms(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  static float[] randomRow(int count, long seed) {
    Random random = new Random(seed);
    float[] row = new float[count];
    for (int i = 0; i < count; i++) {
      row[i] = (float) (random.nextGaussian() * 3);
    }
    return row;
  }
}
