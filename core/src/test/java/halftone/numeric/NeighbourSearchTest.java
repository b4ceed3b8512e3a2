package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NeighbourSearchTest {
  /// As in the reference: where nothing counts, all errors are 0, and the nearest entry of the
  /// lowest index is taken.
  @ParameterizedTest
  @EnumSource(names = {"IQ2_S", "IQ3_S"})
  void ofEqualErrorsTheFirstIsTaken(GridCodebook codebook) {
    GridNeighbours grid = GridNeighbours.of(codebook, 3);
    float[] nothing = new float[32];
    NeighbourSearch search =
        ScaleTrials.fastest()
            .neighbours(grid.lanes(), new float[32], nothing, new float[] {1, 1, 1});
    int[] places = {7, 7, 7};
    for (int point = 0; point < grid.isEntry().length; point++) {
      search.choose(new int[] {point, point, point}, 3, 8, places);
      assertThat(places).containsOnly(0);
    }
  }
}
