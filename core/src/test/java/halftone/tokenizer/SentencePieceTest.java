package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgufValue;
import halftone.model.MalformedFileException;
import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SentencePieceTest {
  /// Ids 0–2 are `<unk>`, `<s>`, `</s>`; the bytes follow from 3 on, and from 259 on what `pieces`
  /// adds.
  private static TinyVocabulary vocabulary() {
    return new TinyVocabulary("llama")
        .add("<unk>", Vocabulary.UNKNOWN, 0)
        .add("<s>", Vocabulary.CONTROL, 0)
        .add("</s>", Vocabulary.CONTROL, 0)
        .addBytes()
        .add("▁", Vocabulary.NORMAL, -20)
        .add("a", Vocabulary.NORMAL, -21)
        .add("b", Vocabulary.NORMAL, -22)
        .add("ab", Vocabulary.NORMAL, -3)
        .add("ba", Vocabulary.NORMAL, -2)
        .add("aa", Vocabulary.NORMAL, -4)
        .add("▁a", Vocabulary.NORMAL, -5)
        .add("<tool>", Vocabulary.USER_DEFINED, 0);
  }

  private static final int SPACE = 259;
  private static final int A = 260;
  private static final int B = 261;
  private static final int AB = 262;
  private static final int BA = 263;
  private static final int AA = 264;
  private static final int SPACE_A = 265;
  private static final int TOOL = 266;

  private static int[] encode(TinyVocabulary vocabulary, String text) {
    return vocabulary.tokenizer().encode(text, true);
  }

  private static TinyVocabulary withoutPrefix() {
    return vocabulary().set("tokenizer.ggml.add_space_prefix", new GgufValue.Bool(false));
  }

  @Test
  void mergesTheHighestScoreFirstAndTheLeftmostOfEquals() {
    assertThat(encode(withoutPrefix(), "aba")).containsExactly(A, BA);
    assertThat(encode(withoutPrefix(), "abb")).containsExactly(AB, B);
    assertThat(encode(withoutPrefix(), "aaa")).containsExactly(AA, A);
  }

  @Test
  void putsASpaceInFrontOfTextAndBehindSpecialTokens() {
    assertThat(encode(vocabulary(), "a")).containsExactly(SPACE_A);
    assertThat(encode(vocabulary(), "a</s>a<tool>a"))
        .containsExactly(SPACE_A, 2, SPACE_A, TOOL, SPACE_A);
    assertThat(encode(withoutPrefix(), "a</s>a a")).containsExactly(A, 2, A, SPACE_A);
    assertThat(encode(vocabulary(), "")).isEmpty();
  }

  @Test
  void spellsCharactersWithoutAPieceInBytes() {
    assertThat(encode(withoutPrefix(), "aé")).containsExactly(A, 3 + 0xC3, 3 + 0xA9);
    assertThat(encode(withoutPrefix(), "🦙"))
        .containsExactly(3 + 0xF0, 3 + 0x9F, 3 + 0xA6, 3 + 0x99);
    TinyVocabulary bare =
        new TinyVocabulary("llama")
            .add("<unk>", Vocabulary.UNKNOWN, 0)
            .add("x", Vocabulary.NORMAL, 0)
            .set("tokenizer.ggml.add_space_prefix", new GgufValue.Bool(false))
            .set("tokenizer.ggml.bos_token_id", new GgufValue.U32(1));
    assertThat(encode(bare, "xyé")).containsExactly(1, 0, 0, 0);
  }

  @Test
  void leavesControlTokensInPlainTextAlone() {
    Tokenizer tokenizer = vocabulary().tokenizer();
    assertThat(tokenizer.encode("</s>", false)).doesNotContain(2).hasSize(5);
    assertThat(tokenizer.encode("<tool>", false)).containsExactly(TOOL);
  }

  @Test
  void phi3TakesTheWhiteSpaceBehindSpecialTokensWithThem() {
    TinyVocabulary phi =
        vocabulary()
            .add("<|end|>", Vocabulary.CONTROL, 0)
            .set("general.name", new GgufValue.Text("Phi-3 Mini"));
    assertThat(encode(phi, "<|end|>\n\t a")).containsExactly(267, SPACE_A);
    assertThat(encode(phi, "<s> a")).containsExactly(1, SPACE, SPACE_A);
  }

  @Test
  void standsWholeTextsBetweenTheTokensThatTheFileAsksFor() {
    assertThat(vocabulary().tokenizer().encodeFile("a")).containsExactly(1, SPACE_A);
    TinyVocabulary ending =
        vocabulary()
            .set("tokenizer.ggml.add_bos_token", new GgufValue.Bool(false))
            .set("tokenizer.ggml.add_eos_token", new GgufValue.Bool(true))
            .set("tokenizer.ggml.eos_token_id", new GgufValue.U32(2));
    assertThat(ending.tokenizer().encodeFile("a")).containsExactly(SPACE_A, 2);
  }

  @Test
  void decodesWithoutTheSpaceThatItPutInFront() {
    Tokenizer tokenizer = vocabulary().tokenizer();
    assertThat(decoded(tokenizer, SPACE_A, SPACE_A)).isEqualTo("a a");
    assertThat(decoded(tokenizer, 1, SPACE_A)).isEqualTo("<s> a");
    assertThat(decoded(tokenizer, 3 + 0xC3, 3 + 0xA9)).isEqualTo("é");
    assertThat(decoded(withoutPrefix().tokenizer(), SPACE_A)).isEqualTo(" a");
    assertThat(tokenizer.decode(new int[0])).isEmpty();
    assertThatThrownBy(() -> tokenizer.decode(new int[] {267}))
        .hasMessageContaining("267 is not in the vocabulary of 267");
  }

  private static String decoded(Tokenizer tokenizer, int... ids) {
    return new String(tokenizer.decode(ids), StandardCharsets.UTF_8);
  }

  @Test
  void refusesContradictions() {
    TinyVocabulary scores =
        vocabulary().set("tokenizer.ggml.scores", new GgufValue.Array(6, List.of()));
    assertThatThrownBy(scores::tokenizer)
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("tokenizer.ggml.scores: found 0 scores");
    assertThatThrownBy(vocabulary().add("x", Vocabulary.NORMAL, Float.NaN)::tokenizer)
        .hasMessageContaining("tokenizer.ggml.scores[267]: found NaN");
    assertThatThrownBy(vocabulary().add("0A", Vocabulary.BYTE, 0)::tokenizer)
        .hasMessageContaining("tokenizer.ggml.tokens[267]: found \"0A\"");
    TinyVocabulary unknown =
        vocabulary().set("tokenizer.ggml.unknown_token_id", new GgufValue.U32(267));
    assertThatThrownBy(unknown::tokenizer).hasMessageContaining("unknown_token_id: found 267");
    TinyVocabulary bos = vocabulary().set("tokenizer.ggml.bos_token_id", new GgufValue.U32(267));
    assertThatThrownBy(bos::tokenizer).hasMessageContaining("bos_token_id: found 267");
  }

  /// A megabyte without a space; quadratic work would take hours.
  @Test
  void takesALongTextWithoutASpaceInStride() throws IOException {
    Tokenizer tokenizer = SharedFolder.tokenizer("data/tokenizers/ggml-vocab-llama-spm.gguf");
    String text = "tokenizationoflongwords".repeat(45_000);
    int[] ids =
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> tokenizer.encode(text, false));
    assertThat(decoded(tokenizer, ids)).isEqualTo(text);
  }

  @Test
  void servesSeveralThreadsAtOnce() throws IOException {
    Tokenizer tokenizer = SharedFolder.tokenizer("data/tokenizers/ggml-vocab-llama-spm.gguf");
    String text = "Hello, wörld! 🦙 ".repeat(200);
    int[] alone = tokenizer.encode(text, false);
    assertThat(IntStream.range(0, 64).parallel().mapToObj(_ -> tokenizer.encode(text, false)))
        .allSatisfy(ids -> assertThat(ids).isEqualTo(alone));
  }
}
