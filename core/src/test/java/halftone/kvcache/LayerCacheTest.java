package halftone.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.kernel.QueryGroup;
import halftone.numeric.ActivationPartner;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayerCacheTest {
  private static final int HEADS = 2;

  private static float[] gaussian(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static LayerCache filled(CachePolicy policy, int size, int length, int window) {
    LayerCache cache = policy.layer(HEADS, size, window);
    float[] keys = gaussian(length * HEADS * size, 1);
    float[] values = gaussian(length * HEADS * size, 2);
    for (int t = 0; t < length; t++) {
      cache.append(keys, values, t, 1);
    }
    return cache;
  }

  @ParameterizedTest
  @EnumSource
  void givesBackWhatTheFormatKeeps(CachePolicy policy) {
    int size = 64;
    LayerCache cache = filled(policy, size, 300, 0);
    float[] keys = gaussian(300 * HEADS * size, 1);
    float[] values = gaussian(300 * HEADS * size, 2);
    policy.queryRounding().round(keys, 0, keys.length);
    policy.queryRounding().round(values, 0, values.length);
    float[] row = new float[size];
    for (int t = 0; t < 300; t++) {
      for (int head = 0; head < HEADS; head++) {
        int at = (t * HEADS + head) * size;
        cache.key(head, t, row, 0);
        assertThat(row).containsExactly(java.util.Arrays.copyOfRange(keys, at, at + size));
        cache.value(head, t, row, 0);
        assertThat(row).containsExactly(java.util.Arrays.copyOfRange(values, at, at + size));
      }
    }
  }

  @Test
  void roundsToQ80AsGgmlDoes() {
    float[] row = gaussian(32, 3);
    LayerCache cache = CachePolicy.Q8_0.layer(1, 32, 0);
    cache.append(row, row, 0, 1);
    float[] expected = row.clone();
    ActivationPartner.Q8_0.round(expected, 0, 32);
    float[] found = new float[32];
    cache.key(0, 0, found, 0);
    assertThat(found).containsExactly(expected);
  }

  /// Heads shorter than, as long as and longer than a vector, pages full and begun.
  @ParameterizedTest
  @CsvSource({
    "F32,1,1",
    "F32,24,5",
    "F32,20,256",
    "F16,16,257",
    "F16,40,300",
    "Q8_0,32,31",
    "Q8_0,96,520",
    "F32,260,3",
    "F16,288,9",
    "Q8_0,288,9"
  })
  void computesOnItsOwnBytesWhatItsNumbersGive(CachePolicy policy, int size, int length) {
    LayerCache cache = filled(policy, size, length, 0);
    float[] query = gaussian(size, 4);
    float[] weights = gaussian((length / 256 + 1) * 256, 5);
    QueryGroup group = new QueryGroup();
    for (int head = 0; head < HEADS; head++) {
      group.shape(1, size, weights.length);
      System.arraycopy(query, 0, group.queries().array(), 0, size);
      cache.scores(head, group);
      float[] scores = group.scores().array().clone();
      System.arraycopy(weights, 0, group.scores().array(), 0, weights.length);
      int from = length / 3;
      cache.mix(head, group, from);
      float[] mixed = group.mixed().array();
      double[] expected = new double[size];
      float[] row = new float[size];
      for (int t = 0; t < length; t++) {
        cache.key(head, t, row, 0);
        double score = 0;
        for (int d = 0; d < size; d++) {
          score += (double) row[d] * query[d];
        }
        assertThat(Math.abs(scores[t] - score)).isLessThan(1e-5 * size);
        cache.value(head, t, row, 0);
        for (int d = 0; t >= from && d < size; d++) {
          expected[d] += (double) row[d] * weights[t];
        }
      }
      for (int d = 0; d < size; d++) {
        assertThat(Math.abs(mixed[d] - expected[d])).isLessThan(1e-4);
      }
    }
  }

  @Test
  void countsItsBytes() {
    assertThat(filled(CachePolicy.F32, 64, 256, 0).bytes()).isEqualTo(256 * HEADS * 64 * 2 * 4);
    assertThat(filled(CachePolicy.F16, 64, 257, 0).bytes()).isEqualTo(512 * HEADS * 64 * 2 * 2);
    assertThat(filled(CachePolicy.Q8_0, 64, 1, 0).bytes()).isEqualTo(256 * HEADS * 2 * 2 * 34);
  }

  @Test
  void forgetsWholePagesOutsideTheWindow() {
    assertThat(filled(CachePolicy.F16, 16, 1000, 100).first()).isEqualTo(768);
    assertThat(filled(CachePolicy.F16, 16, 867, 100).first()).isEqualTo(512);
    assertThat(filled(CachePolicy.F16, 16, 1000, 0).first()).isZero();
    assertThat(filled(CachePolicy.F16, 16, 1000, 1000).first()).isZero();
  }

  @Test
  void refusesWhatDoesNotFit() {
    float[] large = {1, 70_000};
    assertThatThrownBy(() -> CachePolicy.F16.layer(1, 2, 0).append(large, large, 0, 1))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("70000.0 does not fit")
        .hasMessageContaining("f32");
    assertThatThrownBy(() -> CachePolicy.named("q4_0"))
        .hasMessageContaining("q4_0; there are f32, f16, q8_0");
  }
}
