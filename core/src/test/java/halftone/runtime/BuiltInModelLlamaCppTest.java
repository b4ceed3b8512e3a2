package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaModel;
import halftone.llamacpp.LlamaVocabulary;
import halftone.model.BuiltInModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.GgufWriter;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.Stage;
import halftone.model.TensorInfo;
import halftone.numeric.NumberFormats;
import halftone.tensor.Tensor;
import halftone.text.BuiltIn;
import halftone.text.Role;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The built-in model in the real llama.cpp.
class BuiltInModelLlamaCppTest {
  private static final int LENGTH = 256;
  private static final int VOCABULARY = 4096;

  @TempDir Path folder;

  /// With its weights in F32 on both sides, so that nothing is rounded on the way.
  @Test
  void logitsAgreeInF32() throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path file = f32(BuiltInModel.in(folder));
    try (LlamaModel model = Llama.open(library).loadExact(file, LENGTH, 1);
        GgufFile gguf = GgufReader.open(file)) {
      int[] tokens = tokens(gguf);
      float[][] ours = ours(ModelReader.read(gguf), tokens);
      float[][] theirs = model.logits(tokens, 0, LENGTH);
      for (int row = 0; row < LENGTH; row++) {
        for (int i = 0; i < VOCABULARY; i++) {
          assertThat(Math.abs(ours[row][i] - theirs[row][i])).isLessThan(1e-3f);
        }
      }
    }
  }

  @Test
  void tokenizesItsTextsAsLlamaCppDoes() throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path file = BuiltInModel.in(folder);
    try (LlamaVocabulary theirs = LlamaVocabulary.load(Llama.open(library), file, Map.of());
        GgufFile gguf = GgufReader.open(file)) {
      for (BuiltIn.Collection collection : BuiltIn.Collection.values()) {
        String text = new BuiltIn(collection, Role.VERIFICATION).read().sections().getLast().text();
        assertThat(Tokenizers.of(gguf.keys()).encodeFile(text))
            .isEqualTo(theirs.tokenize(text, true, false));
      }
    }
  }

  private static int[] tokens(GgufFile file) throws IOException {
    String text =
        new BuiltIn(BuiltIn.Collection.CORPUS, Role.VERIFICATION)
            .read()
            .sections()
            .getFirst()
            .text();
    return Arrays.copyOf(Tokenizers.of(file.keys()).encodeFile(text), LENGTH);
  }

  private Path f32(Path original) throws IOException {
    Path copy = folder.resolve("f32.gguf");
    try (GgufFile gguf = GgufReader.open(original)) {
      List<TensorInfo> infos =
          gguf.tensors().values().stream()
              .map(tensor -> TensorInfo.of(tensor).as(NumberFormats.named("F32")))
              .toList();
      try (GgufWriter writer = GgufWriter.create(copy, gguf.metadata(), infos, List.of());
          Arena arena = Arena.ofConfined()) {
        for (Tensor tensor : gguf.tensors().values()) {
          float[] values = new float[Math.toIntExact(tensor.shape().elements())];
          tensor.rows(0, Math.toIntExact(tensor.shape().rows()), values, 0);
          MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
          writer.write(tensor.name(), bytes);
        }
        writer.commit();
      }
    }
    return copy;
  }

  private static float[][] ours(Model model, int[] tokens) {
    try (Workers workers = new LocalWorkers(2)) {
      Engine engine = new Engine(model, Arithmetic.LLAMA_F32_CACHE, workers);
      Activations hidden = engine.embed(new int[][] {tokens});
      for (Stage block : model.blocks()) {
        hidden = engine.run(block, hidden, Tap.NONE);
      }
      float[][] rows = new float[tokens.length][VOCABULARY];
      engine.head(
          hidden,
          IntStream.range(0, tokens.length).toArray(),
          Tap.NONE,
          (first, count, logits) -> {
            for (int i = 0; i < count; i++) {
              System.arraycopy(logits, i * VOCABULARY, rows[first + i], 0, VOCABULARY);
            }
          });
      return rows;
    }
  }
}
