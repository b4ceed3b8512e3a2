package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Properties of the encoders that the method card names (§9 c, d; "Reported results").
class EncoderQualityTest {
  private static WeightFormat format(String id) {
    return (WeightFormat) NumberFormats.named(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q8_0", "TQ1_0", "TQ2_0", "Q4_0"})
  void encodesWhatItDecodedWithoutAChange(String id) {
    float[] once = roundTrip(format(id), TestTensor.weights(), false);
    assertThat(roundTrip(format(id), once, false)).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Q2_K", "Q3_K", "Q4_K", "Q5_K"})
  void importanceLowersTheWeightedError(String id) {
    int lower = 0;
    for (int seed = 0; seed < 10; seed++) {
      float[] x = new float[2 * 512];
      Random random = new Random(seed);
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      double with = weightedError(x, roundTrip(format(id), x, true));
      lower += with <= weightedError(x, roundTrip(format(id), x, false)) ? 1 : 0;
    }
    assertThat(lower).isGreaterThanOrEqualTo(9);
  }

  /// Relative root mean square error on the card's tensor, within the half percent that a change of
  /// order may cost.
  @ParameterizedTest
  @CsvSource({
    "Q2_K, .292", "Q3_K, .145", "IQ4_XS, .0793", "IQ4_NL, .0784", "Q4_0, .0873", "Q4_1, .0772",
    "Q4_K, .0727", "MXFP4, .114", "NVFP4, .093", "Q5_0, .0433", "Q5_K, .0363", "Q6_K, .0182",
    "Q8_0, .0055"
  })
  void losesAsMuchAsReported(String id, double expected) {
    float[] x = TestTensor.weights();
    float[] y = roundTrip(format(id), x, false);
    double error = 0;
    double square = 0;
    for (int i = 0; i < x.length; i++) {
      error += (x[i] - y[i]) * (x[i] - y[i]);
      square += x[i] * x[i];
    }
    assertThat(Math.sqrt(error / square)).isCloseTo(expected, within(0.01 * expected));
  }

  private static float[] roundTrip(WeightFormat format, float[] x, boolean weighted) {
    float[] importance = weighted ? TestTensor.importance() : null;
    return TestTensor.decode(format, TestTensor.encode(format, x, 2, 512, importance));
  }

  private static double weightedError(float[] x, float[] y) {
    float[] importance = TestTensor.importance();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += importance[i % 512] * (x[i] - y[i]) * (x[i] - y[i]);
    }
    return sum;
  }
}
