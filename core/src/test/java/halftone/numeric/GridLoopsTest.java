package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the trials of grid types take.
class GridLoopsTest {
  /// As in the reference: where nothing counts, all errors are 0, and the nearest entry of the
  /// lowest index is taken.
  @ParameterizedTest
  @EnumSource(names = {"IQ2_S", "IQ3_S"})
  void ofEqualErrorsTheFirstIsTaken(GridCodebook codebook) {
    GridNeighbours grid = GridNeighbours.of(codebook, 3);
    float[] magnitudes = new float[32];
    for (int i = 0; i < magnitudes.length; i++) {
      magnitudes[i] = i;
    }
    float[] nothing = new float[32];
    float[] scales = {1, 2, 4};
    float[] inverses = {1, 0.5f, 0.25f};
    int levels = codebook.magnitudes().size();
    GridSubject subject =
        new GridSubject(grid.lanes(), levels, magnitudes, nothing, nothing, inverses, scales);
    for (ScaleTrials trials : Arrays.asList(ScaleTrials.fastest(), new PlainTrials())) {
      GridSearch search = trials.grid(subject);
      search.run(scales.length);
      for (int k = 0; k < scales.length; k++) {
        assertThat(search.xq(k)).isZero();
        for (int e = 0; e < subject.entries(); e++) {
          assertThat(search.place(e, k)).isZero();
        }
      }
    }
  }
}
