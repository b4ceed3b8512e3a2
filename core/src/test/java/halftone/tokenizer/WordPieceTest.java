package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.model.GgufValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WordPieceTest {
  private static final int UNKNOWN = 0;
  private static final int CLASS = 1;
  private static final int SEPARATOR = 2;
  private static final int UN = 3;
  private static final int HAPPY = 4;
  private static final int UNH = 5;
  private static final int COMMA = 6;
  private static final int CHINESE = 7;

  private static TinyVocabulary vocabulary() {
    return new TinyVocabulary("bert")
        .add("[UNK]", Vocabulary.CONTROL, 0)
        .add("[CLS]", Vocabulary.CONTROL, 0)
        .add("[SEP]", Vocabulary.CONTROL, 0)
        .add("▁un", Vocabulary.NORMAL, 0)
        .add("happy", Vocabulary.NORMAL, 0)
        .add("▁unh", Vocabulary.NORMAL, 0)
        .add("▁,", Vocabulary.NORMAL, 0)
        .add("▁漢", Vocabulary.NORMAL, 0)
        .add("▁Un", Vocabulary.NORMAL, 0)
        .add("▁ün", Vocabulary.NORMAL, 0)
        .set("tokenizer.ggml.unknown_token_id", new GgufValue.U32(UNKNOWN))
        .set("tokenizer.ggml.bos_token_id", new GgufValue.U32(CLASS))
        .set("tokenizer.ggml.seperator_token_id", new GgufValue.U32(SEPARATOR));
  }

  private static int[] encode(String text) {
    return vocabulary().tokenizer().encode(text, true);
  }

  @Test
  void takesTheLongestPieceEvenWhenTheRestThenFails() {
    assertThat(encode("unhappy")).containsExactly(UNKNOWN);
    assertThat(encode("un happy")).containsExactly(UN, UNKNOWN);
    assertThat(encode("unh")).containsExactly(UNH);
    assertThat(encode("unhappyx")).containsExactly(UNKNOWN);
    assertThat(HAPPY).isEqualTo(UN + 1);
  }

  @Test
  void cutsAtPunctuationChineseCharactersAndWhiteSpace() {
    assertThat(encode("un,un")).containsExactly(UN, COMMA, UN);
    assertThat(encode("un漢un")).containsExactly(UN, CHINESE, UN);
    assertThat(encode(" \tun\u3000un\u0085un\n")).containsExactly(UN, UN, UN);
  }

  @Test
  void lowersCaseAndDropsAccentsAndControls() {
    assertThat(encode("ÜN")).containsExactly(UN);
    assertThat(encode("u\u0308n")).containsExactly(UN);
    assertThat(encode("u\u0000\u200b\ufffdn")).containsExactly(UN);
  }

  @Test
  void keepsCaseAndAccentsWhenTheFileSaysSo() {
    TinyVocabulary cased =
        vocabulary().set("tokenizer.ggml.normalizer.lowercase", new GgufValue.Bool(false));
    assertThat(cased.tokenizer().encode("Un un", true)).containsExactly(8, UN);
    TinyVocabulary accents =
        vocabulary().set("tokenizer.ggml.normalizer.strip_accents", new GgufValue.Bool(false));
    assertThat(accents.tokenizer().encode("ÜN", true)).containsExactly(9);
  }

  @Test
  void standsWholeTextsBetweenClassAndSeparator() {
    assertThat(vocabulary().tokenizer().encodeFile("un")).containsExactly(CLASS, UN, SEPARATOR);
    assertThat(encode("[CLS]un")).containsExactly(CLASS, UN);
  }

  @Test
  void decodesWordsWithTheirSpaces() {
    byte[] text = vocabulary().tokenizer().decode(new int[] {UN, HAPPY, COMMA});
    assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(" unhappy ,");
  }

  @Test
  void refusesTokensBeyondTheVocabulary() {
    TinyVocabulary separator =
        vocabulary().set("tokenizer.ggml.seperator_token_id", new GgufValue.U32(99));
    assertThatThrownBy(separator::tokenizer).hasMessageContaining("seperator_token_id: found 99");
  }
}
