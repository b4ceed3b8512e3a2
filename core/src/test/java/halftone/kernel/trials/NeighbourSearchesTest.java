package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.machine.InstructionSet;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.PlainTrials;
import halftone.numeric.ScaleTrials;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Neighbours that machine code and vectors choose beside those of plain loops.
class NeighbourSearchesTest {
  private static final int TRIALS = 19;
  private static final int POINTS = 40;
  private static final int FROM = 3;

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void theSameNeighboursAreChosen(int arity) {
    Random random = new Random(arity);
    for (int round = 0; round < 500; round++) {
      // Few numbers, so that some entries are equal and the first of them counts.
      NeighbourLanes lanes = lanes(random, arity, round % 2 == 0 ? 2 : 8);
      float[] magnitudes = new float[FROM + arity];
      float[] rootWeights = new float[FROM + arity];
      float[] scales = new float[TRIALS];
      int[] points = new int[TRIALS];
      for (int j = 0; j < magnitudes.length; j++) {
        magnitudes[j] = 8 * random.nextFloat();
        rootWeights[j] = round % 3 == 0 ? 0 : random.nextFloat();
      }
      for (int k = 0; k < TRIALS; k++) {
        scales[k] = random.nextFloat();
        points[k] = random.nextInt(POINTS);
      }
      int count = round % 5 == 0 ? 1 : TRIALS;
      int[] expected = new int[TRIALS];
      new PlainTrials()
          .neighbours(lanes, magnitudes, rootWeights, scales)
          .choose(points, count, FROM, expected);
      for (InstructionSet set : InstructionSet.usable()) {
        ScaleTrials trials = new FastTrials(set);
        int[] places = new int[TRIALS];
        trials
            .neighbours(lanes, magnitudes, rootWeights, scales)
            .choose(points, count, FROM, places);
        assertThat(places).as(set.id()).isEqualTo(expected);
      }
    }
  }

  /// Points with one to three eights.
  private static NeighbourLanes lanes(Random random, int arity, int numbers) {
    int[] starts = new int[POINTS + 1];
    for (int point = 0; point < POINTS; point++) {
      starts[point + 1] = starts[point] + 1 + random.nextInt(3);
    }
    byte[] odds = new byte[starts[POINTS] * arity * NeighbourLanes.WIDTH];
    for (int i = 0; i < odds.length; i++) {
      odds[i] = (byte) (2 * random.nextInt(numbers) + 1);
    }
    return NeighbourLanes.of(arity, odds, starts);
  }
}
