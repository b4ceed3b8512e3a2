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
    NeighbourSearch search = new NeighbourSearch(grid, new float[32], nothing);
    for (int point = 0; point < grid.isEntry().length; point++) {
      assertThat(search.best(point, 1, 8)).isEqualTo(grid.neighbours()[grid.starts()[point]]);
    }
  }
}
