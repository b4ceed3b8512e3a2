package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.machine.InstructionSet;
import halftone.numeric.BlockWriter;
import halftone.numeric.DirectBlock;
import halftone.numeric.NumberFormats;
import halftone.numeric.RawWeights;
import halftone.numeric.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
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

  private static BlockWriter writer(InstructionSet set, DirectBlock kind) {
    return Objects.requireNonNull(new FastTrials(set).writer(kind));
  }

  @ParameterizedTest
  @MethodSource("sets")
  void bytesAreThoseOfSettledCodes(InstructionSet set, DirectBlock kind) {
    float[] weights = usual(kind, kind == DirectBlock.Q6_K ? 24 : 100);
    byte[] bytes = new byte[5 + BLOCKS * kind.bytes() + 5];
    float[] behind = new float[3 + weights.length];
    System.arraycopy(weights, 0, behind, 3, weights.length);
    MemorySegment out = MemorySegment.ofArray(bytes);
    assertThat(writer(set, kind).write(RawWeights.of(behind, 3), BLOCKS, out, 5)).isEmpty();
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
    assertThat(writer(set, kind).write(RawWeights.of(halves), BLOCKS, out, 0)).isEmpty();
    assertThat(bytes).isEqualTo(settled(kind, weights));
  }

  /// Blocks with unusual weights are named, and all others written.
  @ParameterizedTest
  @MethodSource("sets")
  void unusualWeightsAreNoticed(InstructionSet set, DirectBlock kind) {
    BlockWriter writer = writer(set, kind);
    int blocks = 35; // more than are searched together
    int n = kind.weights();
    byte[] bytes = new byte[blocks * kind.bytes()];
    MemorySegment out = MemorySegment.ofArray(bytes);
    float[] weights = new float[blocks * n];
    Arrays.fill(weights, 0.5f);
    byte[] halves = settled(kind, weights);
    float[] unusual = {1e6f, 1e20f, Float.POSITIVE_INFINITY, -1e6f, Float.NaN, -Float.NaN};
    for (int block : new int[] {0, 1, 34}) {
      for (float weight : unusual) {
        Arrays.fill(weights, 0.5f);
        Arrays.fill(weights, n * block, n * block + n, 0);
        weights[n * block + 17] = weight;
        int[] named = writer.write(RawWeights.of(weights, 0), blocks, out, 0);
        assertThat(named).as("%s", weight).containsExactly(block);
        System.arraycopy(halves, 0, bytes, block * kind.bytes(), kind.bytes());
        assertThat(bytes).isEqualTo(halves);
      }
    }
  }

  /// Each group of sixteen may have no scale of its own, of which only one that is not all zero is
  /// unusual.
  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 15})
  void aGroupWithoutAScaleIsNoticed(int group) {
    float[] weights = new float[3 * 256];
    Arrays.fill(weights, 3);
    Arrays.fill(weights, 256 + 16 * group, 256 + 16 * group + 16, 1e-5f);
    Arrays.fill(weights, 512 + 16 * group, 512 + 16 * group + 16, 0);
    byte[] bytes = new byte[3 * 210];
    MemorySegment out = MemorySegment.ofArray(bytes);
    BlockWriter writer = writer(InstructionSet.best(), DirectBlock.Q6_K);
    assertThat(writer.write(RawWeights.of(weights, 0), 3, out, 0)).containsExactly(1);
    format(DirectBlock.Q6_K).encode(weights, 0, 1, 3 * 256, null, out, 0);
    assertThat(bytes).isEqualTo(settled(DirectBlock.Q6_K, weights));
  }

  /// Some are made of negative zeros; and magnitudes that are taken for none.
  @ParameterizedTest
  @MethodSource("sets")
  void zerosAreUsual(InstructionSet set, DirectBlock kind) {
    int n = kind.weights();
    float[] weights = new float[4 * n];
    Arrays.fill(weights, n, 2 * n, -0f);
    Arrays.fill(weights, 2 * n, 3 * n, 1);
    weights[3 * n + 5] = kind == DirectBlock.Q6_K ? -1e-20f : -0f;
    byte[] bytes = new byte[4 * kind.bytes()];
    MemorySegment out = MemorySegment.ofArray(bytes);
    assertThat(writer(set, kind).write(RawWeights.of(weights, 0), 4, out, 0)).isEmpty();
    assertThat(bytes).isEqualTo(settled(kind, weights));
  }

  /// Scales that are no longer finite when they are inverted.
  @ParameterizedTest
  @ValueSource(floats = {1e-35f, Float.MIN_VALUE})
  void tinyWeightsAreUnusual(float tiny) {
    float[] weights = new float[64];
    weights[40] = tiny;
    for (DirectBlock kind : new DirectBlock[] {DirectBlock.Q4_0, DirectBlock.Q8_0}) {
      MemorySegment out = MemorySegment.ofArray(new byte[2 * kind.bytes()]);
      BlockWriter writer = writer(InstructionSet.best(), kind);
      assertThat(writer.write(RawWeights.of(weights, 0), 2, out, 0)).containsExactly(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void memoryThatIsNotTheirsIsRefused(DirectBlock kind) {
    BlockWriter writer = writer(InstructionSet.best(), kind);
    MemorySegment out = MemorySegment.ofArray(new byte[4 * kind.bytes()]);
    MemorySegment less = out.asSlice(1);
    RawWeights weights = RawWeights.of(new float[4 * kind.weights()], 0);
    RawWeights fewer = RawWeights.of(new float[4 * kind.weights()], 1);
    assertThatThrownBy(() -> writer.write(weights, 4, less, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> writer.write(fewer, 4, out, 0))
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
    weights[3 * n + 16] = Float.NaN;
    assertThatThrownBy(() -> format(kind).encode(weights, 0, 2, 2 * n, null, out, 0))
        .hasMessage(
            "%s: weight NaN at row 1, column %d is not finite; the model is damaged"
                .formatted(kind, n + 16));
  }
}
