package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaVocabulary;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufValue;
import halftone.model.Metadata;
import halftone.model.SharedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random text of every kind, token by token against the real `llama_tokenize`.
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
    Path file = SharedFolder.file("data/tokenizers/ggml-vocab-" + name + ".gguf");
    Tokenizer tokenizer = tokenizer(file, pre);
    RandomText random = new RandomText(7, file);
    try (LlamaVocabulary oracle =
        Llama.open(LlamaCppLibrary.assumed()).loadVocabulary(file, Map.of(PRE, pre))) {
      for (int round = 0; round < 400; round++) {
        String text = random.next();
        boolean special = round % 2 == 0;
        assertThat(tokenizer.encode(text, special))
            .as("%s, special %s: %s", pre, special, text)
            .isEqualTo(oracle.tokenize(text, false, special));
        assertThat(tokenizer.encodeFile(text)).isEqualTo(oracle.tokenize(text, true, false));
      }
    }
  }

  private static Tokenizer tokenizer(Path path, String pre) throws IOException {
    try (GgufFile file = GgufReader.open(path)) {
      LinkedHashMap<String, GgufValue> values = new LinkedHashMap<>(file.metadata());
      values.put(PRE, new GgufValue.Text(pre));
      return Tokenizers.of(new Metadata(path.toString(), values));
    }
  }
}
