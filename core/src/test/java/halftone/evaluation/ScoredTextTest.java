package halftone.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoredTextTest {
  private static final int[] TOKENS = IntStream.range(0, 5 * 512 + 100).toArray();

  @Test
  void scoresFromAnyPositionOn() {
    ScoredText text = ScoredText.of(new int[][] {{10, 11, 12, 13, 14}, {20, 21, 22, 23, 24}}, 1);
    assertThat(text.firstScored()).isEqualTo(1);
    assertThat(text.scoredPerChunk()).isEqualTo(3);
    assertThat(text.target(0)).isEqualTo(12);
    assertThat(text.target(5)).isEqualTo(24);
  }

  @Test
  void dropsTheRemainderAndScoresTheSecondHalf() {
    ScoredText text = ScoredText.cut(TOKENS, 512, Integer.MAX_VALUE, OptionalInt.empty());
    assertThat(text.chunks()).isEqualTo(5);
    assertThat(text.scored()).isEqualTo(1275);
    assertThat(text.firstScored()).isEqualTo(256);
    assertThat(text.target(0)).isEqualTo(257);
    assertThat(text.target(254)).isEqualTo(511);
    assertThat(text.target(255)).isEqualTo(512 + 257);
  }

  @Test
  void theBeginningReplacesTheFirstTokenOfEveryChunk() {
    ScoredText text = ScoredText.cut(TOKENS, 512, 2, OptionalInt.of(9999));
    assertThat(text.chunks()).isEqualTo(2);
    assertThat(text.inputs()[1]).startsWith(9999, 513);
    int[] changed = TOKENS.clone();
    changed[512] = 7;
    ScoredText other = ScoredText.cut(changed, 512, 2, OptionalInt.of(9999));
    assertThat(other.inputs()).isDeepEqualTo(text.inputs());
    assertThat(other.targets()).isDeepEqualTo(text.targets());
  }

  @Test
  void oneChunkIsTooLittle() {
    assertThatThrownBy(() -> ScoredText.cut(new int[1023], 512, 9, OptionalInt.empty()))
        .hasMessageContaining("1023 tokens are too few")
        .hasMessageContaining("1024");
  }
}
