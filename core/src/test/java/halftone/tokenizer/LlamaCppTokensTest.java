package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaVocabulary;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufValue;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every tokenizer against the real one: random text of every kind, token by token and back.
class LlamaCppTokensTest {
  private static final String PRE = "tokenizer.ggml.pre";

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          gpt-2, gpt-2
          gpt-2, default
          gpt-2, llama-bpe
          gpt-2, qwen2
          gpt-2, smollm
          gpt-2, starcoder
          falcon, falcon
          llama-spm, default
          phi-3, default
          bert-bge, bert-bge
          """)
  void encodesRandomTextAsLlamaCppDoes(String name, String pre) throws IOException {
    Path file = vocabulary(name);
    Metadata metadata = metadata(file, pre);
    Tokenizer tokenizer = Tokenizers.of(metadata);
    RandomText random = new RandomText(7, file);
    try (LlamaVocabulary oracle = oracle(file, Map.of(PRE, pre))) {
      for (int round = 0; round < 300; round++) {
        String text = spelled(tokenizer, random.next());
        boolean special = round % 2 == 0;
        assertThat(tokenizer.encode(text, special))
            .as("%s, special %s: %s", pre, special, text)
            .isEqualTo(oracle.tokenize(text, false, special));
        assertThat(tokenizer.encodeFile(text)).isEqualTo(oracle.tokenize(text, true, false));
      }
    }
  }

  /// Falcon's vocabulary lacks bytes that llama.cpp drops and that are an error here.
  private static String spelled(Tokenizer tokenizer, String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .filter(point -> isSpelled(tokenizer, Character.toString(point)))
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isSpelled(Tokenizer tokenizer, String character) {
    try {
      tokenizer.encode(character, false);
      return true;
    } catch (IllegalArgumentException noToken) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "falcon", "llama-spm", "phi-3", "bert-bge"})
  void givesEveryTokenTheBytesThatLlamaCppGivesIt(String name) throws IOException {
    Path file = vocabulary(name);
    Tokenizer tokenizer = SharedFolder.tokenizer("data/tokenizers/ggml-vocab-" + name + ".gguf");
    int first = tokenizer.bos();
    int before = tokenizer.decode(new int[] {first}).length;
    try (LlamaVocabulary oracle = oracle(file, Map.of())) {
      for (int id = 0; id < tokenizer.vocabularySize(); id += 7) {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(oracle.piece(first));
        expected.writeBytes(oracle.piece(id));
        assertThat(tokenizer.decode(new int[] {first, id}))
            .as("token %d", id)
            .hasSizeGreaterThanOrEqualTo(before)
            .isEqualTo(expected.toByteArray());
      }
    }
  }

  /// Elsewhere llama.cpp takes spaces before punctuation away, which would lose text.
  @ParameterizedTest
  @ValueSource(strings = {"llama-spm", "phi-3"})
  void decodesRandomTextAsLlamaCppDoes(String name) throws IOException {
    Path file = vocabulary(name);
    Tokenizer tokenizer = SharedFolder.tokenizer("data/tokenizers/ggml-vocab-" + name + ".gguf");
    RandomText random = new RandomText(11, file);
    try (LlamaVocabulary oracle = oracle(file, Map.of())) {
      for (int round = 0; round < 200; round++) {
        int[] ids = tokenizer.encode(random.next(), true);
        assertThat(tokenizer.decode(ids)).isEqualTo(oracle.detokenize(ids));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "falcon", "llama-spm", "phi-3"})
  void endsGenerationAtTheTokensWhereLlamaCppDoes(String name) throws IOException {
    Path file = vocabulary(name);
    Metadata metadata = metadata(file, "default");
    int size = metadata.texts("tokenizer.ggml.tokens").size();
    try (LlamaVocabulary oracle = oracle(file, Map.of())) {
      assertThat(EndTokens.of(metadata).ids())
          .isNotEmpty()
          .containsExactlyElementsOf(
              IntStream.range(0, size).filter(oracle::ends).boxed().toList());
    }
  }

  private static Path vocabulary(String name) {
    return SharedFolder.file("data/tokenizers/ggml-vocab-" + name + ".gguf");
  }

  private static LlamaVocabulary oracle(Path file, Map<String, String> overrides) {
    return LlamaVocabulary.load(Llama.open(AssumedLlamaCpp.library()), file, overrides);
  }

  private static Metadata metadata(Path path, String pre) throws IOException {
    try (GgufFile file = GgufReader.open(path)) {
      LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>(file.metadata());
      values.put(PRE, new GgufValue.Text(pre));
      return new Metadata(path.getFileName().toString(), values);
    }
  }
}
