package halftone.model;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaModel;
import halftone.llamacpp.LlamaVocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real llama.cpp loads what we write and computes with it.
class ForeignReaderTest {
  @TempDir Path folder;

  @Test
  void llamaCppRunsAFileWeWrote() throws IOException {
    Path file = TinyLlama.seeded(4).write(folder.resolve("tied.gguf"));
    Llama llama = Llama.open(AssumedLlamaCpp.library());
    try (LlamaVocabulary vocabulary = LlamaVocabulary.load(llama, file, Map.of())) {
      assertThat(vocabulary.tokenize("the in", false, false)).containsExactly(257, 32, 259);
    }
    try (LlamaModel model = load(file)) {
      assertThat(model.vocabularySize()).isEqualTo(TinyLlama.VOCABULARY);
      float[][] logits = model.logits(new int[] {257, 32, 259}, 2, 3);
      assertThat(logits[0]).hasSize(TinyLlama.VOCABULARY).doesNotContain(Float.NaN);
      assertThat(logits[0][0]).isNotEqualTo(logits[0][1]);
    }
  }

  @Test
  void llamaCppTakesOurOutputWeightAndAlignment() throws IOException {
    TinyLlama untied = new TinyLlama(256, 1, 4, 2, 512, false, 4);
    SequencedMap<String, GgufValue> metadata = untied.metadata();
    metadata.put(GgufFile.ALIGNMENT, new GgufValue.U32(64));
    Path file = TinyLlama.write(folder.resolve("untied.gguf"), metadata, untied.tensors());
    try (LlamaModel model = load(file)) {
      assertThat(model.logits(new int[] {1, 2}, 1, 2)[0]).doesNotContain(Float.NaN);
    }
  }

  private static LlamaModel load(Path file) {
    return Llama.open(AssumedLlamaCpp.library()).load(file, 64, 1);
  }
}
