package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.machine.InstructionSet;
import halftone.numeric.DirectBlock;
import halftone.numeric.NumberFormats;
import halftone.numeric.RawWeights;
import halftone.numeric.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks that are written as soon as their weights have been seen: the bytes of the encoder that
/// settles codes first.
class WrittenBlocksTest {
  private static final int BLOCKS = 2000;

  static Stream<Arguments> sets() {
    return InstructionSet.usable().stream()
        .filter(set -> set != InstructionSet.NONE)
        .flatMap(set -> Stream.of(DirectBlock.values()).map(kind -> Arguments.of(set, kind)));
  }

  private static WeightFormat format(DirectBlock kind) {
    return (WeightFormat) NumberFormats.named(kind.name());
  }

  private static byte[] settled(DirectBlock kind, float[] weights) {
    int rows = weights.length / kind.weights();
    byte[] bytes = new byte[rows * kind.bytes()];
    format(kind).fit(weights, 0, rows, kind.weights(), null).pack(MemorySegment.ofArray(bytes), 0);
    return bytes;
  }

  /// Magnitudes of so many sizes, the largest first; in every third block all weights lie half-way
  /// between codes, or a bit beside, and the largest magnitude stands there with both signs.
  private static float[] usual(DirectBlock kind, int sizes) {
    Random random = new Random(11);
    int n = kind.weights();
    float[] weights = new float[n * BLOCKS];
    for (int block = 0; block < BLOCKS; block++) {
      float size = Math.scalb(1, 12 - random.nextInt(sizes));
      boolean isHard = block % 3 == 0;
      for (int i = 0; i < n; i++) {
        weights[n * block + i] =
            isHard
                ? nearHalf(random.nextInt(2 * kind.limit()) - kind.limit(), i)
                : (float) random.nextGaussian() * size / (1 + i / 16 % 8);
      }
      if (isHard) {
        float largest = random.nextBoolean() ? kind.limit() : -kind.limit();
        int first = random.nextInt(n - 1);
        weights[n * block + first] = largest;
        weights[n * block + first + 1 + random.nextInt(n - 1 - first)] = -largest;
      }
    }
    return weights;
  }

  private static float nearHalf(int code, int i) {
    float half = code + 0.5f;
    return i % 4 == 0 ? Math.nextUp(half) : i % 4 == 1 ? Math.nextDown(half) : half;
  }

  @ParameterizedTest
  @MethodSource("sets")
  void bytesAreThoseOfSettledCodes(InstructionSet set, DirectBlock kind) {
    float[] weights = usual(kind, kind == DirectBlock.Q6_K ? 24 : 100);
    byte[] bytes = new byte[5 + BLOCKS * kind.bytes() + 5];
    float[] behind = new float[3 + weights.length];
    System.arraycopy(weights, 0, behind, 3, weights.length);
    FastTrials trials = new FastTrials(set);
    assertThat(
            trials.write(kind, RawWeights.of(behind, 3), BLOCKS, MemorySegment.ofArray(bytes), 5))
        .isTrue();
    byte[] expected = new byte[bytes.length];
    System.arraycopy(settled(kind, weights), 0, expected, 5, bytes.length - 10);
    assertThat(bytes).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void halvesAreReadAsTheyAre(InstructionSet set, DirectBlock kind) {
    float[] weights = usual(kind, 24);
    short[] halves = new short[weights.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToFloat16(weights[i]);
      weights[i] = Float.float16ToFloat(halves[i]);
    }
    byte[] bytes = new byte[BLOCKS * kind.bytes()];
    MemorySegment out = MemorySegment.ofArray(bytes);
    assertThat(new FastTrials(set).write(kind, RawWeights.of(halves), BLOCKS, out, 0)).isTrue();
    assertThat(bytes).isEqualTo(settled(kind, weights));
  }

  /// Whatever stands beside them in the same call.
  @ParameterizedTest
  @MethodSource("sets")
  void unusualWeightsAreNoticed(InstructionSet set, DirectBlock kind) {
    FastTrials trials = new FastTrials(set);
    int blocks = 35; // more than are searched together
    int n = kind.weights();
    MemorySegment out = MemorySegment.ofArray(new byte[blocks * kind.bytes()]);
    float[] unusual = {
      0, 1e-35f, Float.MIN_VALUE, 1e6f, 1e20f, Float.POSITIVE_INFINITY, -1e6f, Float.NaN, -Float.NaN
    };
    for (int block : new int[] {0, 1, 34}) {
      for (float weight : unusual) {
        float[] weights = new float[blocks * n];
        Arrays.fill(weights, 0.5f);
        assertThat(trials.write(kind, RawWeights.of(weights, 0), blocks, out, 0)).isTrue();
        Arrays.fill(weights, n * block, n * block + n, 0);
        weights[n * block + 17] = weight;
        assertThat(trials.write(kind, RawWeights.of(weights, 0), blocks, out, 0))
            .as("%s", weight)
            .isFalse();
      }
    }
  }

  /// Each group of sixteen may have no scale of its own.
  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 15})
  void aGroupWithoutAScaleIsNoticed(int group) {
    float[] weights = new float[256];
    Arrays.fill(weights, 3);
    Arrays.fill(weights, 16 * group, 16 * group + 16, 1e-5f);
    MemorySegment out = MemorySegment.ofArray(new byte[210]);
    assertThat(new FastTrials().write(DirectBlock.Q6_K, RawWeights.of(weights, 0), 1, out, 0))
        .isFalse();
    byte[] bytes = new byte[210];
    format(DirectBlock.Q6_K).encode(weights, 0, 1, 256, null, MemorySegment.ofArray(bytes), 0);
    assertThat(bytes).isEqualTo(settled(DirectBlock.Q6_K, weights));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void memoryThatIsNotTheirsIsRefused(int more) {
    FastTrials trials = new FastTrials();
    MemorySegment out = MemorySegment.ofArray(new byte[4 * 34 + (more < 0 ? -1 : 0)]);
    float[] weights = new float[128 - (more > 0 ? 1 : 0)];
    assertThatThrownBy(() -> trials.write(DirectBlock.Q8_0, RawWeights.of(weights, 0), 4, out, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @EnumSource
  void unusualBlocksAreEncodedAllTheSame(DirectBlock kind) {
    int n = kind.weights();
    float[] weights = new float[4 * n];
    weights[3] = 1e-37f;
    weights[n + 8] = 3;
    weights[2 * n + 6] = 40_000;
    byte[] bytes = new byte[4 * kind.bytes()];
    MemorySegment out = MemorySegment.ofArray(bytes);
    format(kind).encode(weights, 0, 2, 2 * n, null, out, 0);
    assertThat(bytes).isEqualTo(settled(kind, weights));
    weights[2 * n + 16] = Float.NaN;
    assertThatThrownBy(() -> format(kind).encode(weights, 0, 2, 2 * n, null, out, 0))
        .hasMessage(kind + ": weight NaN at row 1, column 16 is not finite; the model is damaged");
  }
}
