package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Inputs rounded block by block, and COMET's experiment with planted outliers.
class BlockInputsTest {
  private static final int INPUTS = 1024;
  private static final int OUTPUTS = 64;
  private static final int TOKENS = 128;
  private static final int BLOCK = 128;
  private static final float OUTLIER = 20;

  /// What a planted layer's outputs lose, relative to their size.
  private static double loss(List<Integer> outliers, BlockInputs rounding) {
    Random random = new Random(1);
    float[] x = new float[TOKENS * INPUTS];
    float[] w = new float[OUTPUTS * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian() * (outliers.contains(i % INPUTS) ? OUTLIER : 1);
    }
    for (int i = 0; i < w.length; i++) {
      w[i] = (float) random.nextGaussian() / (outliers.contains(i % INPUTS) ? OUTLIER : 1);
    }
    float[] rounded = x.clone();
    for (int token = 0; token < TOKENS; token++) {
      rounding.round(rounded, token * INPUTS, INPUTS);
    }
    double error = 0;
    double size = 0;
    for (int token = 0; token < TOKENS; token++) {
      for (int output = 0; output < OUTPUTS; output++) {
        double exact = 0;
        double found = 0;
        for (int j = 0; j < INPUTS; j++) {
          exact += (double) x[token * INPUTS + j] * w[output * INPUTS + j];
          found += (double) rounded[token * INPUTS + j] * w[output * INPUTS + j];
        }
        error += (found - exact) * (found - exact);
        size += exact * exact;
      }
    }
    return Math.sqrt(error / size);
  }

  @Test
  void packedOutliersCostNoMoreThanNone() {
    List<Integer> spread = new Random(7).ints(0, INPUTS).distinct().limit(10).boxed().toList();
    List<Integer> packed = IntStream.range(0, 10).boxed().toList();
    List<Integer> all = IntStream.range(0, INPUTS / BLOCK).boxed().toList();
    BlockInputs four = new BlockInputs(BLOCK, 4, List.of());
    assertThat(loss(List.of(), four)).isCloseTo(0.118, withPercentage(10));
    assertThat(loss(spread, four)).isCloseTo(0.67, withPercentage(10));
    assertThat(loss(packed, new BlockInputs(BLOCK, 4, List.of(0))))
        .isCloseTo(0.116, withPercentage(10));
    assertThat(loss(spread, new BlockInputs(BLOCK, 4, all))).isCloseTo(0.050, withPercentage(10));
    // Where they lie as they were drawn, most blocks have one.
    assertThat(new TreeSet<>(spread.stream().map(channel -> channel / BLOCK).toList()))
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void codesAreTheNearestAndTiesEven() {
    BlockInputs rounding = new BlockInputs(4, 4, List.of(1));
    float[] values = {7, 0.5f, 1.5f, -2.5f, 127, 0.5f, 1.5f, -2.5f, 0, 0, 0, 0};
    rounding.round(values, 0, 12);
    assertThat(values).containsExactly(7, 0, 2, -2, 127, 0, 2, -2, 0, 0, 0, 0);
    values = new float[] {14, 0.9f, 1.1f, -14};
    new BlockInputs(4, 4, List.of()).round(values, 0, 4);
    assertThat(values).containsExactly(14, 0, 2, -14);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new BlockInputs(128, 4, List.of()).round(new float[192], 0, 192))
        .hasMessageContaining("no whole number of blocks of 128; choose blocks that divide them");
    assertThatThrownBy(() -> new BlockInputs(64, 4, List.of(3)).round(new float[192], 0, 192))
        .hasMessageContaining("192 inputs have no block 3");
    float[] infinite = {1, Float.POSITIVE_INFINITY};
    assertThatThrownBy(() -> new BlockInputs(2, 4, List.of()).round(infinite, 0, 2))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new BlockInputs(128, 9, List.of())).hasMessageContaining("9 bits");
  }
}
