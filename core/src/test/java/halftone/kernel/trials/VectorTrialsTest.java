package halftone.kernel.trials;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.numeric.AffineSearch;
import halftone.numeric.Groups;
import halftone.numeric.NeighbourLanes;
import halftone.numeric.ScaleTrials;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Neighbours that vectors choose beside those of plain loops; scale searches are compared with
/// ggml's bytes, format by format.
class VectorTrialsTest {
  /// The loops that every other way must agree with.
  private static final ScaleTrials PLAIN =
      new ScaleTrials() {
        @Override
        public void affine(AffineSearch search, Groups groups) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void symmetric(int limit, Groups groups) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void uneven(float[] entries, int reach, Groups groups) {
          throw new UnsupportedOperationException();
        }
      };

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void theSameNeighbourIsChosen(int arity) {
    Random random = new Random(arity);
    for (int trial = 0; trial < 2000; trial++) {
      int count = 1 + random.nextInt(3);
      // Few numbers, so that some entries are equal and the first of them counts.
      byte[] odds = new byte[(1 + count) * arity * NeighbourLanes.WIDTH];
      for (int i = 0; i < odds.length; i++) {
        odds[i] = (byte) (2 * random.nextInt(trial % 2 == 0 ? 2 : 8) + 1);
      }
      NeighbourLanes lanes = new NeighbourLanes(arity, odds, new int[] {0, 1, 1 + count});
      float[] magnitudes = new float[3 + arity];
      float[] rootWeights = new float[3 + arity];
      for (int j = 0; j < magnitudes.length; j++) {
        magnitudes[j] = 8 * random.nextFloat();
        rootWeights[j] = trial % 3 == 0 ? 0 : random.nextFloat();
      }
      float scale = random.nextFloat();
      int chosen = new VectorTrials().nearest(lanes, 1, count, scale, magnitudes, rootWeights, 3);
      assertThat(chosen)
          .isEqualTo(PLAIN.nearest(lanes, 1, count, scale, magnitudes, rootWeights, 3));
    }
  }
}
