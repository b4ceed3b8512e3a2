package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scale searches in vectors beside those in plain loops: the same bits, whatever the weights.
class ScaleTrialsTest {
  private static final int WEIGHTS = 256;
  private static final int BLOCKS = 9;

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void groupsWithoutOffset(int groups) {
    for (int limit : new int[] {4, 16, 32}) {
      same(
          groups,
          (trials, lanes) -> {
            lanes.findSignedMax();
            trials.symmetric(limit, lanes);
          });
    }
  }

  @Test
  void groupsWithTables() {
    same(
        8,
        (trials, lanes) -> {
          lanes.findSignedMax();
          trials.uneven(Codebook.IQ4.values(), 7, lanes);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void groupsWithOffset(boolean absolute) {
    AffineSearch search = new AffineSearch(15, -1, 0.1f, 20, absolute);
    same(
        8,
        (trials, lanes) -> {
          search.start(lanes);
          trials.affine(search, lanes);
        });
  }

  /// Two ways to the results of the same blocks.
  private static void same(int groups, BiConsumer<ScaleTrials, Lanes> fit) {
    Lanes plain = Lanes.of(blocks(groups));
    Lanes fastest = Lanes.of(blocks(groups));
    fit.accept(new PlainTrials(), plain);
    fit.accept(ScaleTrials.fastest(), fastest);
    assertThat(ScaleTrials.fastest()).isNotInstanceOf(PlainTrials.class);
    for (int lane = 0; lane < plain.count; lane++) {
      assertThat(results(fastest, lane)).as("group " + lane).isEqualTo(results(plain, lane));
    }
  }

  private static float[] results(Lanes lanes, int lane) {
    return new float[] {lanes.scale[lane], lanes.min[lane], lanes.inverse[lane], lanes.base[lane]};
  }

  /// Under a scale of 1 these are exact or half-way.
  private static float entriesAndMidpoints(int i) {
    float[] entries = Codebook.IQ4.values();
    return i % 2 == 0 ? entries[i / 2] : (entries[i / 2] + entries[i / 2 + 1]) / 2;
  }

  /// Of one sign and of both, groups that do not count, equal magnitudes, halves of entries; none
  /// is all zero, as encoders know what those get.
  private static Block[] blocks(int groups) {
    Random random = new Random(groups);
    Block[] blocks = new Block[BLOCKS];
    for (int b = 0; b < BLOCKS; b++) {
      blocks[b] = new Block(WEIGHTS, groups);
      for (int i = 0; i < WEIGHTS; i++) {
        float x = (float) random.nextGaussian();
        blocks[b].x[i] =
            switch (b) {
              case 0 -> i % 5 == 0 ? x : 0;
              case 1 -> Math.abs(x);
              case 2 -> Math.round(2 * x) / 2f;
              case 3 -> i % 2 == 0 ? 127 : -127 + i / 2f;
              case 5 -> entriesAndMidpoints(i % 31);
              default -> x;
            };
        blocks[b].w[i] = b == 4 && i < WEIGHTS / 2 ? 0 : random.nextFloat();
        // So light that the scale of 1 is the best.
        blocks[b].w[i] *= b == 5 && i % 31 % 2 == 1 ? 1e-3f : 1;
      }
    }
    return blocks;
  }
}
