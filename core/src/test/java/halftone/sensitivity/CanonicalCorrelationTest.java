package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.sensitivity.CanonicalCorrelation.Basis;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Oracles of the card "cptquant", check 1.
class CanonicalCorrelationTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] correlations(float[] a, float[] b, int tokens, int width) {
    Basis of = CanonicalCorrelation.basis(a, tokens, width, width, WORKERS);
    return CanonicalCorrelation.between(
        of, CanonicalCorrelation.basis(b, tokens, width, width, WORKERS), width);
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void aValueCorrelatesWithItself() {
    float[] x = gaussian(500 * 12, 1);
    assertThat(correlations(x, x, 500, 12)).containsExactly(ones(12), within(1e-9));
  }

  /// Entries of X and A are small integers: X·A is exact in floats.
  @Test
  void isInvariantUnderInvertibleMaps() {
    int width = 8;
    Random random = new Random(2);
    float[] x = new float[400 * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(-50, 51);
    }
    float[] a = new float[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        a[i * width + j] = i == j ? 9 : random.nextInt(-2, 3);
      }
    }
    float[] image = new float[x.length];
    for (int t = 0; t < 400; t++) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          image[t * width + j] += x[t * width + i] * a[i * width + j];
        }
      }
    }
    assertThat(correlations(x, image, 400, width)).containsExactly(ones(width), within(1e-8));
  }

  @Test
  void independentValuesHardlyCorrelate() {
    double[] rho = correlations(gaussian(4096 * 32, 3), gaussian(4096 * 32, 4), 4096, 32);
    assertThat(rho[0]).isLessThan(1.1 * 2 * Math.sqrt(32 / 4096.0));
    assertThat(Arrays.stream(rho).average().orElseThrow()).isCloseTo(0.08, within(0.02));
  }

  @Test
  void countsSharedDirections() {
    int tokens = 2000;
    float[] shared = gaussian(tokens * 2, 5);
    float[] a = gaussian(tokens * 4, 6);
    float[] b = gaussian(tokens * 4, 7);
    for (int t = 0; t < tokens; t++) {
      a[t * 4] = shared[2 * t];
      a[t * 4 + 1] = shared[2 * t + 1];
      b[t * 4 + 2] = shared[2 * t] + shared[2 * t + 1];
      b[t * 4 + 3] = shared[2 * t] - shared[2 * t + 1];
    }
    double[] rho = correlations(a, b, tokens, 4);
    assertThat(rho[1]).isGreaterThan(0.999);
    assertThat(rho[2]).isLessThan(0.1);
  }

  /// The power iteration finds the same as the whole decomposition does.
  @Test
  void leadingComponentsHoldTheEnergyTheyShould() {
    int width = 100;
    int tokens = 600;
    float[] x = gaussian(tokens * width, 8);
    for (int t = 0; t < tokens; t++) {
      for (int j = 0; j < width; j++) {
        x[t * width + j] *= (float) Math.pow(0.8, j);
      }
    }
    Basis leading = CanonicalCorrelation.basis(x, tokens, width, 10, WORKERS);
    Basis whole = CanonicalCorrelation.basis(x, tokens, width, width, WORKERS);
    assertThat(leading.components()).isEqualTo(10);
    for (int k = 0; k < 10; k++) {
      assertThat(leading.energies()[k]).isCloseTo(whole.energies()[k], within(1e-9));
    }
    assertThat(leading.holding(0.5)).isEqualTo(whole.holding(0.5)).isLessThan(3);
  }

  /// Fewer directions than are asked for, as where a width is padded with zeros.
  @Test
  void findsNoMoreComponentsThanThereAre() {
    int width = 100;
    int tokens = 300;
    float[] two = gaussian(tokens * 2, 11);
    float[] x = new float[tokens * width];
    for (int t = 0; t < tokens; t++) {
      x[t * width + 7] = two[2 * t];
      x[t * width + 40] = two[2 * t + 1];
    }
    Basis basis = CanonicalCorrelation.basis(x, tokens, width, 10, WORKERS);
    assertThat(basis.components()).isEqualTo(2);
    assertThat(CanonicalCorrelation.between(basis, basis, 10))
        .containsExactly(ones(2), within(1e-9));
  }

  @Test
  void refusesTooFewTokensAndConstants() {
    assertThatThrownBy(() -> CanonicalCorrelation.basis(gaussian(15 * 8, 9), 15, 8, 8, WORKERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("15 tokens are too few")
        .hasMessageContaining("at least 16");
    float[] constant = new float[64];
    Arrays.fill(constant, 3);
    assertThatThrownBy(() -> CanonicalCorrelation.basis(constant, 16, 4, 4, WORKERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the same on all tokens");
  }
}
