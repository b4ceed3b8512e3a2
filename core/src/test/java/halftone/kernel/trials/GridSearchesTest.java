package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.machine.InstructionSet;
import halftone.numeric.GridSearch;
import halftone.numeric.GridSubject;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.PlainTrials;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Trials of grid types in machine code and in vectors beside those in plain loops.
class GridSearchesTest {
  /// As IQ3_S, IQ3_XXS, IQ2_S, IQ2_XXS.
  @ParameterizedTest
  @CsvSource({"4, 8, 32, 19", "4, 8, 32, 31", "8, 3, 16, 19", "8, 3, 32, 13"})
  void allFindTheSame(int arity, int levels, int group, int trials) {
    Random random = new Random(trials);
    float[] magnitudes = new float[group];
    float[] weights = new float[group];
    float[] rootWeights = new float[group];
    float[] inverses = new float[trials];
    float[] scales = new float[trials];
    int points = (int) Math.pow(levels, arity);
    // Few numbers in the first, so that some entries are equal and the first of them counts.
    for (int most : new int[] {2, levels}) {
      GridSubject subject =
          new GridSubject(
              lanes(random, arity, points, most),
              levels,
              magnitudes,
              weights,
              rootWeights,
              inverses,
              scales);
      GridSearch plain = new PlainTrials().grid(subject);
      for (InstructionSet set : InstructionSet.usable()) {
        GridSearch fast = new FastTrials(set).grid(subject);
        for (int round = 0; round < 200; round++) {
          for (int i = 0; i < group; i++) {
            // Some had their sign flipped.
            magnitudes[i] = 3 * random.nextFloat() - (random.nextInt(8) == 0 ? 1 : 0);
            weights[i] = round % 3 == 0 && i < group / 2 ? 0 : random.nextFloat();
            rootWeights[i] = (float) Math.sqrt(weights[i]);
          }
          for (int k = 0; k < trials; k++) {
            inverses[k] = 0.2f + levels * random.nextFloat();
            scales[k] = 1 / inverses[k];
          }
          int count = round % 5 == 0 ? 1 : trials;
          plain.run(count);
          fast.run(count);
          assertSame(subject, count, fast, plain, set);
        }
      }
    }
  }

  private static void assertSame(
      GridSubject subject, int count, GridSearch fast, GridSearch plain, InstructionSet set) {
    for (int k = 0; k < count; k++) {
      assertThat(fast.xq(k)).as("%s, trial %d", set, k).isEqualTo(plain.xq(k));
      assertThat(fast.qq(k)).as("%s, trial %d", set, k).isEqualTo(plain.qq(k));
      for (int e = 0; e < subject.entries(); e++) {
        assertThat(fast.point(e, k)).as("%s, trial %d", set, k).isEqualTo(plain.point(e, k));
        assertThat(fast.place(e, k)).as("%s, trial %d", set, k).isEqualTo(plain.place(e, k));
      }
    }
  }

  /// Points with one to three eights.
  private static NeighbourLanes lanes(Random random, int arity, int points, int numbers) {
    int[] starts = new int[points + 1];
    for (int point = 0; point < points; point++) {
      starts[point + 1] = starts[point] + 1 + random.nextInt(3);
    }
    byte[] odds = new byte[starts[points] * arity * NeighbourLanes.WIDTH];
    for (int i = 0; i < odds.length; i++) {
      odds[i] = (byte) (2 * random.nextInt(numbers) + 1);
    }
    return NeighbourLanes.of(arity, odds, starts);
  }
}
