package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Blocks taken apart, beside what they decode to.
class IntegerFormatTest {
  static Stream<IntegerFormat> formats() {
    return NumberFormats.ALL.stream()
        .filter(IntegerFormat.class::isInstance)
        .map(IntegerFormat.class::cast);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void stepTimesIntegerLessMinimumIsTheWeight(IntegerFormat format) {
    int weights = format.layout().weights();
    Random random = new Random(format.id().hashCode());
    float[] importance = new float[weights];
    Arrays.fill(importance, 1);
    IntegerBlock block = format.newBlock();
    MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytes());
    for (int trial = 0; trial < 60; trial++) {
      float[] values = values(random, weights, trial);
      ((WeightFormat) format).fit(values, 0, 1, weights, importance).pack(bytes, 0);
      float[] decoded = new float[weights];
      format.decode(bytes, 0, decoded, 0, weights);
      format.read(bytes, 0, block);
      byte[] indices = new byte[weights];
      block.indices(indices);
      int group = format.integers().group();
      for (int i = 0; i < weights; i++) {
        int integer = block.integer(i);
        assertThat(block.step(i / group) * integer - block.minimum(i / group))
            .as("%s, trial %d, weight %d", format, trial, i)
            .isEqualTo(decoded[i]);
        assertThat(format.integers().values().get(indices[i])).isEqualTo(integer);
      }
    }
  }

  /// From tiny to large, now and then far from zero, and all zero once.
  private static float[] values(Random random, int count, int trial) {
    float size = trial == 0 ? 0 : (float) Math.pow(10, trial % 7 - 4);
    float mean = trial % 5 == 1 ? 3 * size : 0;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = mean + size * (float) random.nextGaussian();
    }
    return values;
  }
}
