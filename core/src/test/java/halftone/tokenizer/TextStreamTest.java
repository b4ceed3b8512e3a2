package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {
  private static Tokenizer bytes() {
    return new TinyVocabulary("llama").addBytes().add("▁a", Vocabulary.NORMAL, 0).tokenizer();
  }

  @Test
  void holdsBackTheBytesOfAnUnfinishedCharacter() {
    TextStream stream = TextStream.ofNewText(bytes());
    assertThat(stream.next('a')).isEqualTo("a");
    for (int value : new int[] {0xF0, 0x9F, 0xA6}) {
      assertThat(stream.next(value)).isEmpty();
    }
    assertThat(stream.next(0x99)).isEqualTo("🦙");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void showsBytesThatCannotBecomeACharacterAtOnce() {
    TextStream stream = TextStream.ofNewText(bytes());
    assertThat(stream.next(0xA9)).isEqualTo("\ufffd");
    assertThat(stream.next(0xC3)).isEmpty();
    assertThat(stream.next('x')).isEqualTo("\ufffdx");
    assertThat(stream.next(0xE2)).isEmpty();
    assertThat(stream.end()).isEqualTo("\ufffd");
    assertThat(stream.end()).isEmpty();
  }

  @Test
  void dropsTheFirstSpaceOfANewTextOnly() {
    TextStream fresh = TextStream.ofNewText(bytes());
    assertThat(fresh.next(256)).isEqualTo("a");
    assertThat(fresh.next(256)).isEqualTo(" a");
    assertThat(TextStream.behind(bytes(), 'x').next(256)).isEqualTo(" a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "llama-spm", "phi-3", "bert-bge"})
  void joinsToTheWholeTextOfRandomTokens(String name) throws IOException {
    String file = "data/tokenizers/ggml-vocab-" + name + ".gguf";
    Tokenizer tokenizer = SharedFolder.tokenizer(file);
    RandomText random = new RandomText(3, SharedFolder.file(file));
    for (int round = 0; round < 100; round++) {
      int[] ids = tokenizer.encode(random.next(), true);
      TextStream stream = TextStream.ofNewText(tokenizer);
      StringBuilder text = new StringBuilder();
      Arrays.stream(ids).mapToObj(stream::next).forEach(text::append);
      text.append(stream.end());
      assertThat(text.toString())
          .isEqualTo(new String(tokenizer.decode(ids), StandardCharsets.UTF_8));
    }
  }
}
