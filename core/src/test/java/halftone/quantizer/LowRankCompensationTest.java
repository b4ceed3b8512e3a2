package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.parts.Composite;
import halftone.parts.LowRank;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checks of the card "zeroquant-v2-lorc".
class LowRankCompensationTest {
  private static final HalfQuadratic ROUNDING = new HalfQuadratic(64, 0.7, 10, 0);

  private static double residual(float[] e, TruncatedSvd svd, int rows, int columns, int rank) {
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double left = e[r * columns + c];
        for (int k = 0; k < rank; k++) {
          left -= (double) svd.left()[r * rank + k] * svd.right()[k * columns + c];
        }
        sum += left * left;
      }
    }
    return sum;
  }

  /// Eckart–Young against all singular values, and against random factors of the same rank.
  @Test
  void theTruncatedProductIsTheBestOfItsRank() {
    int rows = 24;
    int columns = 18;
    float[] e = SmallLayer.gaussian(new Random(1), rows * columns, 1);
    TruncatedSvd all = TruncatedSvd.of(e, rows, columns, columns, 2, SmallLayer.WORKERS);
    assertThat(residual(e, all, rows, columns, columns)).isLessThan(1e-8);
    TruncatedSvd five = TruncatedSvd.of(e, rows, columns, 5, 60, SmallLayer.WORKERS);
    double left = 0;
    for (int k = 5; k < columns; k++) {
      left += all.singularValues()[k] * all.singularValues()[k];
    }
    assertThat(residual(e, five, rows, columns, 5)).isCloseTo(left, within(1e-6 * left));
  }

  /// The spectrum of rounding errors is nearly flat: eight of 512 ranks hold little, and a planted
  /// direction is found.
  @Test
  void gainsOnNoiseAreModest() {
    int n = 512;
    float[] e = SmallLayer.gaussian(new Random(2), n * n, 1);
    double all = 0;
    for (float value : e) {
      all += (double) value * value;
    }
    TruncatedSvd noise = TruncatedSvd.of(e, n, n, 8, 2, SmallLayer.WORKERS);
    double held = 0;
    for (double sigma : noise.singularValues()) {
      held += sigma * sigma / all;
    }
    assertThat(held).isBetween(0.035, 0.065); // 4 · 8 / 512 at most
    for (int i = 0; i < n; i++) {
      e[7 * n + i] *= 20;
    }
    TruncatedSvd planted = TruncatedSvd.of(e, n, n, 1, 2, SmallLayer.WORKERS);
    assertThat(planted.singularValues()[0]).isGreaterThan(3 * noise.singularValues()[0]);
  }

  private static Composite quantize(SmallLayer layer, int rank, boolean aware) {
    return new LowRankCompensation(ROUNDING, rank, aware)
        .quantize("w", layer.weight(), 3, layer.knowledge(), SmallLayer.WORKERS);
  }

  @Test
  void errorsFallWithTheRank() {
    SmallLayer layer = SmallLayer.of(96, 64, 200, 3);
    double without =
        layer.error(
            ROUNDING.quantize("w", layer.weight(), 3, LayerKnowledge.NONE, SmallLayer.WORKERS));
    double four = layer.error(quantize(layer, 4, false));
    double sixteen = layer.error(quantize(layer, 16, false));
    double full = layer.error(quantize(layer, 64, false));
    assertThat(four).isLessThan(without);
    assertThat(sixteen).isLessThan(four);
    // What is left at full rank is the rounding of the factors to bytes.
    assertThat(full).isLessThan(2e-3 * without);
  }

  @Test
  void countingInputsLowersTheErrorTheySee() {
    SmallLayer layer = SmallLayer.of(96, 64, 200, 3);
    assertThat(layer.loss(quantize(layer, 8, true)))
        .isLessThan(layer.loss(quantize(layer, 8, false)));
  }

  @Test
  void factorsAreCounted() {
    SmallLayer layer = SmallLayer.of(96, 64, 200, 3);
    Composite found = quantize(layer, 8, true);
    LowRank product = (LowRank) found.parts().get(1);
    assertThat(product.rank()).isEqualTo(8);
    assertThat(found.bytes() - found.parts().getFirst().bytes())
        .isEqualTo(8L * (96 + 64) + 2 * (96 + 8));
  }
}
