package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.machine.InstructionSet;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CachePageTest {
  private static final int HEADS = 2;

  /// Products of two such numbers are zeros with a sign, their sum is one without.
  private static final float TINY = 1e-30f;

  /// Used again for all.
  private final QueryGroup queries = new QueryGroup();

  private static CachePage page(CacheElement element, int size, InstructionSet set) {
    return switch (element) {
      case FLOAT -> new CachePageFloat(HEADS, size, set);
      case HALF -> new CachePageHalf(HEADS, size, set);
      case CODE -> new CachePageQ80(HEADS, size, set);
    };
  }

  private static CachePage filled(CacheElement element, int size, InstructionSet set) {
    CachePage page = page(element, size, set);
    float[] keys = VectorKernelsTest.gaussian(CachePage.POSITIONS * HEADS * size, 1);
    float[] values = VectorKernelsTest.gaussian(CachePage.POSITIONS * HEADS * size, 2);
    Arrays.fill(keys, size, 2 * size, -TINY); // of the head that is asked
    for (int position = 0; position < CachePage.POSITIONS; position++) {
      for (int head = 0; head < HEADS; head++) {
        page.put(head, position, keys, values, (position * HEADS + head) * size);
      }
    }
    return page;
  }

  static Stream<Arguments> pages() {
    return InstructionSet.usable().stream()
        .filter(set -> set != InstructionSet.NONE)
        .flatMap(
            set ->
                Arrays.stream(CacheElement.values())
                    .flatMap(
                        element ->
                            Stream.of(32, 64, 96, 128, 256, 80, 48, 16)
                                .filter(size -> size % element.dimensions() == 0)
                                .map(size -> Arguments.of(set, element, size))));
  }

  /// Of one query and of more than go through together, of one position, of a group begun, of an
  /// odd and an even number of groups, and of a whole page; from the first position and from later
  /// ones and from none, behind what other pages gave.
  @ParameterizedTest
  @MethodSource("pages")
  void machineCodeGivesTheBitsOfVectors(InstructionSet set, CacheElement element, int size) {
    CachePage found = filled(element, size, set);
    CachePage expected = filled(element, size, InstructionSet.NONE);
    for (int count = 1; count <= 9; count++) {
      for (int to : new int[] {1, 16, 17, 47, 64, 255, 256}) {
        for (int from : new int[] {0, to / 3, to - 1, to}) {
          assertThat(through(found, size, count, from, to))
              .as("%d queries, positions %d to %d", count, from, to)
              .isEqualTo(through(expected, size, count, from, to));
        }
      }
    }
  }

  @Test
  void aGroupHasRoomForAnyShape() {
    for (int[] shape : new int[][] {{3, 64, 256}, {6, 32, 512}, {1, 192, 256}, {9, 16, 1024}}) {
      queries.shape(shape[0], shape[1], shape[2]);
      assertThat(queries.queries().array().length).isGreaterThanOrEqualTo(shape[0] * shape[1]);
      assertThat(queries.scores().array().length).isGreaterThanOrEqualTo(shape[0] * shape[2]);
      int mixed = shape[0] * QueryGroup.mixedStride(shape[1]);
      assertThat(queries.mixed().array()).hasSizeGreaterThanOrEqualTo(mixed);
      assertThat(Arrays.copyOf(queries.mixed().array(), mixed)).containsOnly(0f);
      Arrays.fill(queries.mixed().array(), 1);
    }
  }

  /// Scores of all positions, then what the queries mix.
  private float[] through(CachePage page, int size, int count, int from, int to) {
    int at = CachePage.POSITIONS;
    queries.shape(count, size, 2 * CachePage.POSITIONS);
    float[] given = VectorKernelsTest.gaussian(count * size, 3);
    Arrays.fill(given, 0, size, TINY);
    System.arraycopy(given, 0, queries.queries().array(), 0, given.length);
    float[] before = VectorKernelsTest.gaussian(queries.mixed().array().length, 4);
    for (int q = 0; q < count; q++) { // sums stand in all lanes
      int sum = q * QueryGroup.mixedStride(size) + size;
      Arrays.fill(before, sum, (q + 1) * QueryGroup.mixedStride(size), before[sum]);
    }
    System.arraycopy(before, 0, queries.mixed().array(), 0, before.length);
    page.scores(1, to, queries, at);
    page.mix(1, from, to, queries, at);
    float[] all = new float[count * (to + size + 1)];
    for (int q = 0; q < count; q++) {
      int begin = q * (to + size + 1);
      System.arraycopy(queries.scores().array(), q * queries.stride() + at, all, begin, to);
      int mixed = q * QueryGroup.mixedStride(size);
      System.arraycopy(queries.mixed().array(), mixed, all, begin + to, size + 1);
    }
    return all;
  }
}
