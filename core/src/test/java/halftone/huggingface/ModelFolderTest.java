package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaModel;
import halftone.llamacpp.LlamaVocabulary;
import halftone.model.Architectures;
import halftone.model.GgufWriter;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.ModelSource;
import halftone.model.TensorInfo;
import halftone.model.TinyLlama;
import halftone.runtime.Arithmetic;
import halftone.runtime.LogitRows;
import halftone.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A tiny folder of every family: read, run, written as GGUF.
class ModelFolderTest {
  /// Several windows long, and short of the context at which Phi-3 changes its factors.
  private static final int LENGTH = 100;

  @TempDir Path folder;

  static Stream<TinyFolder> tiny() {
    return TinyFolder.ALL.stream();
  }

  @Test
  void everyFamilyIsTried() {
    assertThat(TinyFolder.ALL.stream().map(TinyFolder::family))
        .containsExactlyElementsOf(Families.ALL.stream().map(Family::id).toList());
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void runsAsTheCheckpointDoes(TinyFolder tiny) throws IOException {
    int[] tokens = new Random(7).ints(LENGTH, 0, TinyLlama.VOCABULARY).toArray();
    float[][] wanted = new NaiveFolder(tiny).logits(tokens);
    try (ModelSource source = ModelSources.open(tiny.write(folder))) {
      float[][] found = run(source, tokens, Arithmetic.EXACT);
      assertThat(LogitRows.largestDifference(wanted, found)).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void llamaCppLoadsAndAgrees(TinyFolder tiny) throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    int[] tokens = new Random(7).ints(LENGTH, 0, TinyLlama.VOCABULARY).toArray();
    Path gguf = folder.resolve("tiny.gguf");
    float[][] ours;
    try (ModelSource source = ModelSources.open(tiny.write(folder))) {
      write(source, gguf);
      ours = run(source, tokens, Arithmetic.LLAMA_F32_CACHE);
    }
    Llama llama = Llama.open(library);
    try (LlamaModel model = llama.loadExact(gguf, LENGTH, 1);
        LlamaVocabulary vocabulary = LlamaVocabulary.load(llama, gguf, Map.of())) {
      float[][] theirs = model.logits(tokens, 0, LENGTH);
      assertThat(LogitRows.largestDifference(ours, theirs)).isLessThan(1e-3);
      assertThat(vocabulary.tokenize("the thin 42 inns", false, true)).isNotEmpty();
    }
  }

  @Test
  void refusesAFolderThatIsNoModel() {
    assertThatThrownBy(() -> ModelSources.open(folder))
        .isInstanceOf(java.nio.file.NoSuchFileException.class)
        .hasMessageContaining("config.json");
  }

  private static void write(ModelSource source, Path target) throws IOException {
    List<TensorInfo> infos = source.tensors().values().stream().map(TensorInfo::of).toList();
    try (GgufWriter writer = GgufWriter.create(target, source.metadata(), infos, source.files())) {
      for (Tensor tensor : source.tensors().values()) {
        writer.write(tensor);
      }
      writer.commit();
    }
  }

  private static float[][] run(ModelSource source, int[] tokens, Arithmetic arithmetic) {
    Model model = ModelReader.read(source);
    assertThat(Architectures.obstacle(model)).isEmpty();
    return LogitRows.of(model, tokens, arithmetic);
  }
}
