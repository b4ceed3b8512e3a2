package halftone.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Check 5 of the card "cptquant".
class ThresholdsTest {
  private static final long[] BITS = {4, 8, 16};

  private static long bits(int[] levels) {
    return Arrays.stream(levels).mapToLong(level -> BITS[level]).sum();
  }

  @Test
  void twoThirdsAreThirds() {
    double[] scores = {6, 1, 5, 2, 4, 3, 9, 8, 7};
    assertThat(Thresholds.levels(scores, 6)).containsExactly(1, 0, 1, 0, 1, 0, 2, 2, 2);
    assertThat(Thresholds.levels(scores, 0)).containsOnly(0);
    assertThat(Thresholds.levels(scores, 18)).containsOnly(2);
  }

  @Test
  void meetsTheMeanWithinALayersShare() {
    double[] scores = new Random(1).doubles(24).toArray();
    for (int mean = 4; mean <= 16; mean++) {
      long spent = bits(Thresholds.within(scores, ThresholdsTest::bits, 24L * mean));
      assertThat(spent).isBetween(24L * mean - 12, 24L * mean);
    }
  }

  @Test
  void equalScoresAreRaisedInTheirOrder() {
    assertThat(Thresholds.levels(new double[] {1, 1, 1, 1}, 2)).containsExactly(2, 1, 0, 0);
  }

  @Test
  void refusesWhatIsBelowAll() {
    assertThatThrownBy(() -> Thresholds.within(new double[3], ThresholdsTest::bits, 11))
        .isInstanceOf(InfeasibleBudgetException.class)
        .hasMessageContaining("the smallest reachable is 12");
  }
}
