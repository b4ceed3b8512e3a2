package halftone.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaVocabulary;
import halftone.model.GgufValue;
import halftone.model.GgufWriter;
import halftone.model.Metadata;
import halftone.model.TinyLlama;
import halftone.text.BuiltIn;
import halftone.text.Role;
import halftone.text.Section;
import halftone.text.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What [BpeTrainer] learned, read by the real `llama_tokenize`.
class TrainedVocabularyLlamaCppTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"gpt-2", "smollm", "llama-bpe"})
  void llamaCppTokenizesWithItAsWeDo(String pre) throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Text text = new BuiltIn(Role.CALIBRATION).read();
    List<String> documents = text.sections().stream().map(Section::text).toList();
    SequencedMap<String, GgufValue> keys = new TinyLlama(64, 1, 4, 2, 64, true, 1).metadata();
    keys.putAll(BpeTrainer.train(documents, pre, 600).metadata());
    Path file = folder.resolve("vocabulary.gguf");
    try (GgufWriter writer = GgufWriter.create(file, keys, List.of(), List.of())) {
      writer.commit();
    }
    Tokenizer tokenizer = Tokenizers.of(new Metadata("trained", keys));
    RandomText random = new RandomText(11, file);
    try (LlamaVocabulary oracle = LlamaVocabulary.load(Llama.open(library), file, Map.of())) {
      for (int round = 0; round < 200; round++) {
        String any = random.next();
        assertThat(tokenizer.encode(any, true))
            .as(any)
            .isEqualTo(oracle.tokenize(any, false, true));
        assertThat(tokenizer.encodeFile(any)).isEqualTo(oracle.tokenize(any, true, false));
      }
      for (Section section : new BuiltIn(Role.VERIFICATION).read().sections()) {
        assertThat(tokenizer.encodeFile(section.text()))
            .isEqualTo(oracle.tokenize(section.text(), true, false));
      }
    }
  }
}
