package halftone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChunksTest {
  private static final Text DIGITS = Text.of("digits.txt", "0123456789");

  @Test
  void dropsTheRest() {
    Chunks chunks = Chunks.of(DIGITS, new ByteTokenizer(false), 4);
    assertThat(chunks.tokens())
        .isDeepEqualTo(new int[][] {{'0', '1', '2', '3'}, {'4', '5', '6', '7'}});
    assertThat(chunks.available()).isEqualTo(10);
  }

  @Test
  void replacesTheFirstTokenByTheBeginningToken() {
    Chunks chunks = Chunks.of(DIGITS, new ByteTokenizer(true), 4);
    assertThat(chunks.available()).isEqualTo(11);
    assertThat(chunks.tokens())
        .isDeepEqualTo(new int[][] {{256, '0', '1', '2'}, {256, '4', '5', '6'}});
  }

  @Test
  void keepsKindsApart() {
    Text text =
        new Text(
            "mix", List.of(new Section("a", "code", "abcde"), new Section("b", "prose", "xyz")));
    Chunks chunks = Chunks.of(text, new ByteTokenizer(false), 2);
    assertThat(chunks.kinds()).containsExactly("code", "code", "prose");
    assertThat(chunks.tokens()[2]).containsExactly('x', 'y');
  }

  @Test
  void choosesFirstOrEvenly() {
    Chunks chunks = Chunks.of(DIGITS, new ByteTokenizer(false), 2);
    assertThat(chunks.first(2).tokens()).isDeepEqualTo(new int[][] {{'0', '1'}, {'2', '3'}});
    assertThat(chunks.evenly(2).tokens()).isDeepEqualTo(new int[][] {{'0', '1'}, {'4', '5'}});
    assertThat(chunks.evenly(5).sha256()).isEqualTo(chunks.sha256());
    assertThat(chunks.evenly(2).sha256()).isNotEqualTo(chunks.first(2).sha256());
  }

  @Test
  void saysHowMuchTextIsMissing() {
    Chunks chunks = Chunks.of(DIGITS, new ByteTokenizer(false), 4);
    String message = "digits.txt: 3 chunks of 4 need at least 12 tokens; it has 10, which fill 2";
    assertThatThrownBy(() -> chunks.evenly(3)).hasMessageContaining(message);
    assertThatThrownBy(() -> chunks.first(3)).hasMessageContaining("give more text");
    assertThatThrownBy(() -> Chunks.of(DIGITS, new ByteTokenizer(false), 11))
        .hasMessageContaining("need at least 11 tokens; it has 10");
    assertThatThrownBy(() -> chunks.first(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> Chunks.of(DIGITS, new ByteTokenizer(false), 1))
        .hasMessageContaining("at least 2");
  }
}
