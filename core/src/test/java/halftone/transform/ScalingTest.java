package halftone.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.model.Model;
import halftone.model.TinyLlama;
import halftone.model.UnevenChannels;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The checks of the cards "smoothquant" (2 and 3), "awq" (2 and 3) and "minifloat-ptq" (2) that
/// are about the factors.
class ScalingTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final Model MODEL = TinyLlama.seeded(5).model();
  private static final int[][] TOKENS = TransformTest.tokens(3, 40);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Model applied(Transform transform, Model model) {
    return transform.apply(model, transform.measure(model, TOKENS, WORKERS));
  }

  private static float[] activations(Model model, ScaleSite site) {
    ChannelStatistics statistics = ChannelStatistics.gather(model, TOKENS, WORKERS);
    return site.gathered(statistics.largest(site.readers().getFirst()));
  }

  @Test
  void withHalfOfEachActivationsAndWeightsAreEquallyLarge() {
    Model smooth = applied(new SmoothQuant(), MODEL);
    for (ScaleSite site : ScaleSites.of(smooth)) {
      if (site.maker() instanceof ScaleSite.Maker.Gain) {
        float[] inputs = activations(smooth, site);
        float[] weights = ColumnRanges.of(smooth, site);
        for (int k = 0; k < inputs.length; k++) {
          assertThat(weights[k]).isCloseTo(inputs[k], within(1e-5f * inputs[k]));
        }
      }
    }
  }

  @Test
  void atTheEndsOneSideIsLevel() {
    Model weights = applied(new SmoothQuant(0, false), MODEL);
    Model inputs = applied(new SmoothQuant(1, false), MODEL);
    for (ScaleSite site : ScaleSites.of(MODEL)) {
      if (site.maker() instanceof ScaleSite.Maker.Gain) {
        for (float range : ColumnRanges.of(weights, site)) {
          assertThat(range).isCloseTo(1, within(1e-5f));
        }
        for (float largest : activations(inputs, site)) {
          assertThat(largest).isCloseTo(1, within(1e-5f));
        }
      }
    }
  }

  @Test
  void channelsThatNeverMoveKeepTheirSize() {
    assertThat(new SmoothQuant().factors(new float[] {0, 4, 3}, new float[] {2, 1, 0}))
        .containsExactly(1, 2, 1);
    assertThat(Awq.factors(new float[] {0, 4, 1}, 0.5))
        .containsExactly(1, (float) Math.sqrt(2), (float) Math.sqrt(0.5));
  }

  @Test
  void awqNeverLosesAgainstNoScaleAndFindsOutlierChannels() {
    Model uneven = UnevenChannels.of(TinyLlama.seeded(5), 60).model();
    Grid grid = new Grid.MinMax(3, 32);
    double[] measured = new Awq(grid).measure(uneven, TOKENS, WORKERS);
    int at = 0;
    int scaled = 0;
    var engine = new halftone.runtime.Engine(uneven, halftone.runtime.Arithmetic.EXACT, WORKERS);
    var streams = engine.embedInBatches(TOKENS);
    for (ScaleSite site : ScaleSites.of(uneven, 0)) {
      float[] factors = new float[site.channels()];
      for (int j = 0; j < factors.length; j++) {
        factors[j] = (float) measured[at++];
      }
      float[] ones = new float[factors.length];
      java.util.Arrays.fill(ones, 1);
      SiteTrial trial =
          SiteTrial.of(uneven, uneven.blocks().getFirst(), site, streams, grid, WORKERS);
      assertThat(trial.loss(factors)).isLessThanOrEqualTo(trial.loss(ones));
      scaled += trial.loss(factors) < 0.8 * trial.loss(ones) ? 1 : 0;
    }
    assertThat(scaled).isPositive();
  }

  /// Gaussian weights and inputs, one channel k times larger: the card measured 1.1, 2.1 and 7.6.
  @ParameterizedTest
  @CsvSource({"10,1.05", "30,1.7", "100,5"})
  void aPlantedOutlierIsSpared(double outlier, double least) {
    Random random = new Random(3);
    int rows = 128;
    int columns = 512;
    float[] weights = new float[rows * columns];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    float[] means = new float[columns];
    java.util.Arrays.fill(means, (float) Math.sqrt(2 / Math.PI));
    means[77] *= (float) outlier;
    double plain = error(weights, Awq.factors(means, 0), means, rows);
    double best = plain;
    for (int k = 1; k < 20; k++) {
      best = Math.min(best, error(weights, Awq.factors(means, k / 20.0), means, rows));
    }
    assertThat(plain / best).isGreaterThan(least);
  }

  /// Mean square of the output's error for independent inputs of these mean magnitudes.
  private static double error(float[] weights, float[] factors, float[] means, int rows) {
    int columns = means.length;
    float[] rounded = weights.clone();
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] *= factors[i % columns];
    }
    new Grid.MinMax(3, 128).round(rounded, rows, columns);
    double sum = 0;
    for (int i = 0; i < rounded.length; i++) {
      int j = i % columns;
      double e = (rounded[i] / factors[j] - weights[i]) * means[j];
      sum += e * e;
    }
    return sum;
  }

  @Test
  void equalizedRowsAndColumnsAreEquallyLarge() {
    Model equal = applied(new Equalization(), MODEL);
    for (ScaleSite site : ScaleSites.of(equal)) {
      if (site.maker() instanceof ScaleSite.Maker.Rows rows) {
        Tensor up = Objects.requireNonNull(equal.tensors().get(rows.weight()));
        float[] row = new float[up.shape().columns()];
        float[] columns = ColumnRanges.of(equal, site);
        for (int j = 0; j < columns.length; j++) {
          up.rows(j, 1, row, 0);
          float largest = 0;
          for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
          }
          assertThat(largest).isCloseTo(columns[j], within(1e-4f * largest));
        }
      }
    }
  }
}
