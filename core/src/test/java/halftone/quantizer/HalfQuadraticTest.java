package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.parts.Composite;
import halftone.parts.GroupCodes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checks of the card "hqq".
class HalfQuadraticTest {
  private static final HalfQuadratic MINMAX = new HalfQuadratic(64, 0.7, 10, 0);

  private static Composite quantize(HalfQuadratic hqq, SmallLayer layer, int bits) {
    return hqq.quantize("w", layer.weight(), bits, LayerKnowledge.NONE, SmallLayer.WORKERS);
  }

  private static double meanError(SmallLayer layer, Composite rounded) {
    float[] decoded = new float[layer.values().length];
    rounded.rows(0, layer.rows(), decoded, 0);
    double sum = 0;
    for (int i = 0; i < decoded.length; i++) {
      sum += Math.abs(decoded[i] - layer.values()[i]);
    }
    return sum / decoded.length;
  }

  private static SmallLayer withOutliers(int seed) {
    Random random = new Random(seed);
    float[] values = SmallLayer.gaussian(random, 32 * 256, 1);
    for (int i = 0; i < values.length; i += 64) {
      values[i + random.nextInt(64)] *= 6;
    }
    return new SmallLayer(32, 256, values, new float[256]);
  }

  @Test
  void lowersTheMeanErrorOfNearlyEveryMatrix() {
    int lower = 0;
    for (int seed = 0; seed < 40; seed++) {
      SmallLayer layer = withOutliers(seed);
      double before = meanError(layer, quantize(MINMAX, layer, 3));
      lower += meanError(layer, quantize(new HalfQuadratic(), layer, 3)) < before ? 1 : 0;
    }
    assertThat(lower).isGreaterThanOrEqualTo(38);
  }

  @Test
  void weightsOnAGridAreKeptExactly() {
    Random random = new Random(5);
    float[] values = new float[8 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.25f * (random.nextInt(8) - 3);
    }
    for (int row = 0; row < 8; row++) {
      values[row * 64] = -0.75f;
      values[row * 64 + 1] = 1;
    }
    SmallLayer layer = new SmallLayer(8, 64, values, new float[64]);
    Composite found = quantize(new HalfQuadratic(), layer, 3);
    assertThat(layer.error(found)).isZero();
    assertThat(((GroupCodes) found.parts().getFirst()).zero(0, 0)).isEqualTo(3);
  }

  /// One outlier of 20 σ a group: the median error of the others falls by at least 5 %.
  @Test
  void toleratesTheErrorOfOutliers() {
    Random random = new Random(3);
    float[] values = SmallLayer.gaussian(random, 64 * 256, 1);
    for (int i = 0; i < values.length; i += 64) {
      values[i] = 20;
    }
    SmallLayer layer = new SmallLayer(64, 256, values, new float[256]);
    double before = medianOfOthers(layer, quantize(MINMAX, layer, 3));
    double after = medianOfOthers(layer, quantize(new HalfQuadratic(), layer, 3));
    assertThat(after).isLessThan(0.95 * before);
  }

  /// What p < 1 is for: least squares would move the zero point for the outliers' sake.
  @Test
  void toleratesMoreThanLeastSquaresDoes() {
    HalfQuadratic squares = new HalfQuadratic(64, 2, 1e12, 20);
    double published = 0;
    double quadratic = 0;
    for (int seed = 0; seed < 20; seed++) {
      SmallLayer layer = withOutliers(seed);
      published += meanError(layer, quantize(new HalfQuadratic(), layer, 3));
      quadratic += meanError(layer, quantize(squares, layer, 3));
    }
    assertThat(published).isLessThan(0.99 * quadratic);
  }

  private static double medianOfOthers(SmallLayer layer, Composite rounded) {
    float[] decoded = new float[layer.values().length];
    rounded.rows(0, layer.rows(), decoded, 0);
    double[] errors = new double[decoded.length / 64 * 63];
    int at = 0;
    for (int i = 0; i < decoded.length; i++) {
      if (i % 64 != 0) {
        errors[at++] = Math.abs(decoded[i] - layer.values()[i]);
      }
    }
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }

  /// With p = 2 and no penalty left the zero point is the mean of code − w/s: least squares.
  @Test
  void aQuadraticErrorGivesTheLeastSquaresZero() {
    SmallLayer layer = SmallLayer.of(4, 64, 8, 9);
    Composite found = quantize(new HalfQuadratic(64, 2, 1e12, 1), layer, 3);
    GroupCodes codes = (GroupCodes) found.parts().getFirst();
    Composite start = quantize(new HalfQuadratic(64, 2, 1e12, 0), layer, 3);
    GroupCodes first = (GroupCodes) start.parts().getFirst();
    byte[] q = first.codesOfRow(0);
    double sum = 0;
    for (int j = 0; j < 64; j++) {
      sum += q[j] - layer.values()[j] / first.scale(0, 0);
    }
    assertThat((double) codes.zero(0, 0))
        .isIn(
            (double) Float.float16ToFloat(Float.floatToFloat16((float) (sum / 64))),
            (double) first.zero(0, 0));
  }

  @Test
  void constantGroupsAreExact() {
    float[] values = new float[64];
    Arrays.fill(values, 0.375f);
    SmallLayer layer = new SmallLayer(1, 64, values, new float[64]);
    assertThat(layer.error(quantize(new HalfQuadratic(), layer, 2))).isZero();
  }
}
