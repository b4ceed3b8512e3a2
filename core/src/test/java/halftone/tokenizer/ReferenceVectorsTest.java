package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The vectors llama.cpp tests its own tokenizer with.
class ReferenceVectorsTest {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "falcon", "llama-spm", "phi-3", "bert-bge"})
  void encodesEveryVectorAsLlamaCppDoes(String name) throws IOException {
    String vocabulary = "data/tokenizers/ggml-vocab-" + name + ".gguf";
    Tokenizer tokenizer = SharedFolder.tokenizer(vocabulary);
    List<String> texts = texts(vocabulary + ".inp");
    List<int[]> expected = ids(vocabulary + ".out");
    assertThat(texts).hasSize(expected.size()).hasSizeGreaterThan(40);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(tokenizer.encode(texts.get(i), false))
          .as("vector %d: %s", i, texts.get(i))
          .isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "falcon", "llama-spm", "phi-3"})
  void decodesEveryVectorToItsText(String name) throws IOException {
    String vocabulary = "data/tokenizers/ggml-vocab-" + name + ".gguf";
    Tokenizer tokenizer = SharedFolder.tokenizer(vocabulary);
    for (String text : texts(vocabulary + ".inp")) {
      byte[] decoded = tokenizer.decode(tokenizer.encode(text, false));
      assertThat(new String(decoded, StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }

  private static List<String> texts(String name) throws IOException {
    String all = Files.readString(SharedFolder.file(name));
    List<String> texts = new ArrayList<>(Arrays.asList(all.split(SEPARATOR, -1)));
    if (texts.getLast().isEmpty()) {
      texts.removeLast();
    }
    return texts;
  }

  private static List<int[]> ids(String name) throws IOException {
    List<int[]> ids = new ArrayList<>();
    for (String line : Files.readAllLines(SharedFolder.file(name))) {
      ids.add(
          Stream.of(line.strip().split(" +"))
              .filter(word -> !word.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray());
    }
    return ids;
  }
}
