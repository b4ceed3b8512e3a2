package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  private static final int CHUNKS = 24;
  private static final int PER_CHUNK = 50;

  @Test
  void findsASmallDifferenceUnderLargeSharedNoise() {
    TokenScores worse = scores(0.02, 1);
    TokenScores better = scores(0.0, 2);
    PairedComparison comparison = PairedComparison.of(better, worse);
    assertThat(comparison.difference()).isCloseTo(-0.02, within(0.003));
    assertThat(comparison.firstIsBetter()).isTrue();
    assertThat(comparison.lower()).isLessThan(comparison.difference());
    assertThat(comparison.pValue()).isLessThan(1e-6);
    assertThat(PairedComparison.of(better, worse)).isEqualTo(comparison);
  }

  @Test
  void sameScoresAreNoDifference() {
    TokenScores scores = scores(0.01, 3);
    PairedComparison comparison = PairedComparison.of(scores, scores);
    assertThat(comparison.difference()).isZero();
    assertThat(comparison.firstIsBetter()).isFalse();
    assertThat(comparison.pValue()).isEqualTo(1);
  }

  /// Values of any statistics table.
  @Test
  void studentTailsMatchTheTables() {
    assertThat(StudentT.twoSided(12.706, 1)).isCloseTo(0.05, within(1e-5));
    assertThat(StudentT.twoSided(4.303, 2)).isCloseTo(0.05, within(1e-5));
    assertThat(StudentT.twoSided(3.182, 3)).isCloseTo(0.05, within(2e-5));
    assertThat(StudentT.twoSided(2.069, 23)).isCloseTo(0.05, within(5e-5));
    assertThat(StudentT.twoSided(-2.831, 21)).isCloseTo(0.01, within(2e-5));
    assertThat(StudentT.twoSided(2.797, 24)).isCloseTo(0.01, within(2e-5));
  }

  @Test
  void refusesScoresOfOtherTokens() {
    TokenScores a = scores(0, 1);
    double[] other = a.referenceLoss().clone();
    other[7] += 1;
    TokenScores b = new TokenScores(CHUNKS, a.divergence(), other, a.candidateLoss(), a.sameTop());
    assertThatThrownBy(() -> PairedComparison.of(a, b)).hasMessageContaining("same tokens");
  }

  /// A token's divergence: a large part that every candidate shares, a small noise, and the
  /// candidate's offset.
  private static TokenScores scores(double offset, long seed) {
    Random shared = new Random(99);
    Random own = new Random(seed);
    int count = CHUNKS * PER_CHUNK;
    double[] divergence = new double[count];
    double[] loss = new double[count];
    for (int i = 0; i < count; i++) {
      divergence[i] = shared.nextDouble() + 0.02 * own.nextGaussian() + offset;
      loss[i] = shared.nextDouble();
    }
    return new TokenScores(CHUNKS, divergence, loss, loss, new boolean[count]);
  }
}
