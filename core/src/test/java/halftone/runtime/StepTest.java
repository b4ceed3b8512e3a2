package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepTest {
  private static Step.Wiring wiring(int input, int output, int done) {
    return new Step.Wiring(new int[] {input, 1}, output, new int[] {done});
  }

  /// Two steps may read the same values, and drop the same, for different results.
  @Test
  void aWiringIsSharedOnlyWhereAllOfItIsTheSame() {
    assertThat(wiring(0, 2, 1)).isEqualTo(wiring(0, 2, 1)).hasSameHashCodeAs(wiring(0, 2, 1));
    assertThat(wiring(0, 2, 1))
        .isNotEqualTo(wiring(0, 3, 1))
        .isNotEqualTo(wiring(1, 2, 1))
        .isNotEqualTo(wiring(0, 2, 0));
  }
}
