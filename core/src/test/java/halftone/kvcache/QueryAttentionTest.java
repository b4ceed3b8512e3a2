package halftone.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.kernel.Attention;
import halftone.kernel.RowRounding;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryAttentionTest {
  private static final int HEADS = 4;
  private static final int KEY_VALUE_HEADS = 2;

  private static float[] gaussian(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /// Windows shorter and longer than a page and than the text, and none; with and without a cap;
  /// the last `late` positions go through the cache in one run, or one by one.
  @ParameterizedTest
  @CsvSource({
    "24,5,1,0,0",
    "64,300,40,0,0",
    "24,300,40,0,0",
    "24,700,100,0,2",
    "32,700,450,300,0",
    "64,700,33,300,1",
    "24,600,50,20,0",
    "64,600,520,256,3",
    "64,520,10,257,0",
    "96,900,30,2000,0"
  })
  void isTheSameAsWhenAllPositionsRunAtOnce(
      int size, int length, int late, int window, float softCap) {
    Attention attention =
        new Attention(
            HEADS,
            KEY_VALUE_HEADS,
            size,
            0.3f,
            window,
            softCap,
            RowRounding.NONE,
            RowRounding.NONE);
    float[] queries = gaussian(length * HEADS * size, 1);
    float[] keys = gaussian(length * KEY_VALUE_HEADS * size, 2);
    float[] values = gaussian(length * KEY_VALUE_HEADS * size, 3);
    float[] expected = new float[queries.length];
    float[] byOne = new float[queries.length];
    float[] together = new float[queries.length];
    int past = length - late;
    try (Workers workers = new LocalWorkers(2)) {
      attention.run(queries, keys, values, 1, length, expected, workers);
      LayerCache cache = CachePolicy.F32.layer(KEY_VALUE_HEADS, size, window);
      cache.append(keys, values, 0, past);
      for (int t = past; t < length; t++) {
        cache.append(keys, values, t, 1);
        for (int head = 0; head < KEY_VALUE_HEADS; head++) {
          new QueryAttention(attention).run(queries, t, cache, head, byOne);
        }
      }
      LayerCache other = CachePolicy.F32.layer(KEY_VALUE_HEADS, size, window);
      other.append(keys, values, 0, past);
      other.append(keys, values, past, late);
      attention.run(queries, past, late, other, other.first(), past, together, workers);
    }
    int from = past * HEADS * size;
    float[] end = Arrays.copyOfRange(expected, from, expected.length);
    assertThat(Arrays.copyOfRange(byOne, from, byOne.length)).isEqualTo(end);
    assertThat(Arrays.copyOfRange(together, from, together.length)).isEqualTo(end);
  }
}
