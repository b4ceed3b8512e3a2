package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricSearchTest {
  /// Numbers of groups around the widths of vector registers; some groups are zero, tiny, or a
  /// single spike; of some the largest magnitude comes with both signs, and the first counts.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 31, 97, 512})
  void findsWhatTheSearchOfASingleGroupFinds(int groups) {
    Random random = new Random(groups);
    Block[] blocks = new Block[groups];
    for (int g = 0; g < groups; g++) {
      blocks[g] = new Block(16, 1);
      float size = g % 5 == 3 ? 0 : g % 7 == 5 ? 1e-16f : 1;
      for (int i = 0; i < 16; i++) {
        blocks[g].x[i] = g % 11 == 9 && i != 4 ? 0 : size * (float) random.nextGaussian();
        blocks[g].w[i] = random.nextFloat();
      }
      if (g % 13 == 6) {
        blocks[g].x[3] = -5;
        blocks[g].x[12] = 5;
      }
    }
    Groups found = Groups.of(blocks);
    ScaleTrials.fastest().symmetric(32, found);
    found.scatter(blocks);
    for (Block b : blocks) {
      byte[] codes = new byte[16];
      float scale = SymmetricSearch.leastSquares(b.x, 0, 16, 32, b.w, codes);
      b.takeSearched(0, 0, 16, -32, 31);
      assertThat(b.scales[0]).isEqualTo(scale);
      assertThat(b.codes).isEqualTo(codes);
    }
  }
}
