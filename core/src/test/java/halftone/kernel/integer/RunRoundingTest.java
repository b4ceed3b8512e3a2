package halftone.kernel.integer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.numeric.Int8Runs;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Inputs rounded many at once, beside one by one.
class RunRoundingTest {
  @Test
  void isWhatRoundingOneByOneGives() {
    Random random = new Random(1);
    RunRounding rounding = new RunRounding();
    int[] codes = new int[Int8Runs.RUN];
    for (int trial = 0; trial < 1000; trial++) {
      float[] values = new float[Int8Runs.RUN + 3];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            trial == 0 ? -0f : (float) (random.nextGaussian() * Math.pow(10, trial % 30 - 15));
      }
      if (trial % 3 == 1) {
        values[3 + trial % Int8Runs.RUN] = 127; // halves, of which the even neighbour is taken
        values[4] = 0.5f;
        values[5] = -1.5f;
      }
      float scale = Int8Runs.quantize(values, 3, codes);
      rounding.round(values, 3);
      assertThat(rounding.scale()).isEqualTo(scale);
      int[] sums = new int[2];
      for (int i = 0; i < Int8Runs.RUN; i++) {
        sums[i / 16] += codes[i];
        assertThat((byte) (rounding.word(i / 4) >> 8 * (i % 4))).isEqualTo((byte) codes[i]);
      }
      assertThat(rounding.sum(0)).isEqualTo(sums[0]);
      assertThat(rounding.sum(1)).isEqualTo(sums[1]);
    }
  }

  /// Nothing comes of them, but the same nothing.
  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
  void whatIsNoNumberHasTheCodesOfTheReference(float value) {
    float[] values = new float[Int8Runs.RUN];
    Arrays.fill(values, -7);
    values[20] = value;
    int[] codes = new int[Int8Runs.RUN];
    float scale = Int8Runs.quantize(values, 0, codes);
    RunRounding rounding = new RunRounding();
    rounding.round(values, 0);
    assertThat(rounding.scale()).isEqualTo(Float.valueOf(scale)); // NaN is NaN
    assertThat(rounding.sum(1)).isEqualTo(Arrays.stream(codes, 16, 32).sum());
    for (int i = 0; i < Int8Runs.RUN; i++) {
      assertThat((byte) (rounding.word(i / 4) >> 8 * (i % 4))).isEqualTo((byte) codes[i]);
    }
  }
}
