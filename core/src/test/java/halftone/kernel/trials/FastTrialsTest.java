package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.machine.InstructionSet;
import halftone.numeric.AffineSearch;
import halftone.numeric.Groups;
import halftone.numeric.PlainTrials;
import halftone.numeric.ScaleTrials;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Scale searches in machine code and in vectors beside those in plain loops: the same bits,
/// whatever the weights.
class FastTrialsTest {
  private static final float[] ENTRIES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  static Stream<InstructionSet> sets() {
    return InstructionSet.usable().stream();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void groupsWithoutOffset(InstructionSet set) {
    for (int limit : new int[] {4, 16, 32}) {
      same(set, 16, (trials, groups) -> trials.symmetric(limit, groups));
      same(set, 32, (trials, groups) -> trials.symmetric(limit, groups));
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void groupsWithOffset(InstructionSet set) {
    for (boolean absolute : new boolean[] {false, true}) {
      AffineSearch four = new AffineSearch(15, -1, 0.1f, 20, absolute);
      same(set, 32, (trials, groups) -> trials.affine(four, groups));
      AffineSearch two = new AffineSearch(3, -0.9f, 0.05f, 36, absolute);
      same(set, 16, (trials, groups) -> trials.affine(two, groups));
    }
  }

  /// Also far outside the range, where the low bits of the sum count.
  @ParameterizedTest
  @MethodSource("sets")
  void codesUnderSettledScales(InstructionSet set) {
    Random random = new Random(5);
    for (int groups : new int[] {8, 16}) {
      for (int round = 0; round < 300; round++) {
        float[] x = new float[256];
        float[] steps = new float[groups];
        float[] offsets = new float[groups];
        for (int i = 0; i < x.length; i++) {
          x[i] = (i % 7 == 0 ? 0.5f * random.nextInt(9) : (float) random.nextGaussian());
        }
        for (int g = 0; g < groups; g++) {
          steps[g] =
              round % 3 == 0 ? 0.5f : (float) random.nextGaussian() / (1 << random.nextInt(26));
          offsets[g] = round % 2 == 0 ? 0 : (float) random.nextGaussian();
        }
        byte[] expected = new byte[x.length];
        byte[] codes = new byte[x.length];
        new PlainTrials().round(x, steps, offsets, -32, 31, expected);
        new FastTrials(set).round(x, steps, offsets, -32, 31, codes);
        assertThat(codes).isEqualTo(expected);
        new PlainTrials().round(x, steps, offsets, 0, 15, expected);
        new FastTrials(set).round(x, steps, offsets, 0, 15, codes);
        assertThat(codes).isEqualTo(expected);
      }
    }
  }

  @Test
  void groupsWithTables() {
    same(InstructionSet.NONE, 32, (trials, groups) -> trials.uneven(ENTRIES, 7, groups));
  }

  /// Two ways to the results of the same groups, as many as fill vectors and not.
  private static void same(
      InstructionSet set, int elements, BiConsumer<ScaleTrials, Groups> search) {
    for (int count : new int[] {1, 7, 8, 9, 16, 31, 72}) {
      Groups plain = groups(elements, count);
      Groups fast = groups(elements, count);
      search.accept(new PlainTrials(), plain);
      search.accept(new FastTrials(set), fast);
      for (int group = 0; group < count; group++) {
        assertThat(results(fast, group))
            .as("group %d of %d", group, count)
            .isEqualTo(results(plain, group));
      }
    }
  }

  private static float[] results(Groups groups, int group) {
    float[] results = new float[4];
    for (int kind = 0; kind < results.length; kind++) {
      results[kind] =
          groups.found().get(ValueLayout.JAVA_FLOAT, Groups.place(group, kind * Groups.KIND));
    }
    return results;
  }

  /// Under a scale of 1 these are exact or half-way.
  private static float entriesAndMidpoints(int i) {
    return i % 2 == 0 ? ENTRIES[i / 2] : (ENTRIES[i / 2] + ENTRIES[i / 2 + 1]) / 2;
  }

  /// Of one sign and of both, groups that do not count, equal magnitudes, halves of entries, all
  /// equal, too small to count, zeros of both signs.
  private static Groups groups(int elements, int count) {
    Random random = new Random(count);
    Groups groups = new Groups(elements, count);
    for (int g = 0; g < count; g++) {
      float[] x = new float[elements];
      float[] w = new float[elements];
      for (int i = 0; i < elements; i++) {
        float normal = (float) random.nextGaussian();
        x[i] =
            switch (g % 11) {
              case 0 -> i % 5 == 0 ? normal : 0;
              case 1 -> Math.abs(normal);
              case 2 -> Math.round(2 * normal) / 2f;
              case 3 -> i % 2 == 0 ? 127 : -127 + i / 2f;
              case 5 -> entriesAndMidpoints(i % 31);
              case 6 -> 0.37f;
              case 7 -> 1e-16f * normal;
              case 8 -> i % 3 == 0 ? -0f : i % 3 == 1 ? 0 : normal;
              case 9 -> i % 4 == 1 ? -5 : i % 4 == 2 ? 5 : normal;
              case 10 -> -0.37f;
              default -> normal;
            };
        w[i] = g % 11 == 4 && i < elements / 2 ? 0 : random.nextFloat();
        // So light that the scale of 1 is the best.
        w[i] *= g % 11 == 5 && i % 31 % 2 == 1 ? 1e-3f : 1;
      }
      groups.load(g, x, w);
    }
    return groups;
  }
}
