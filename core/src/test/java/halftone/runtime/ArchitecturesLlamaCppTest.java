package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaModel;
import halftone.model.Architecture;
import halftone.model.Architectures;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.TinyDecoder;
import halftone.model.TinyLlama;
import halftone.tensor.Tensor;
import halftone.transform.BiasSlots;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A tiny network of every architecture, run by us and by the real llama.cpp, which looks its GELU
/// up in a table of 16 bits: there a last bit more or less becomes a step of the table.
class ArchitecturesLlamaCppTest {
  /// Several windows long, and short of the context at which Phi-3 changes its factors.
  private static final int LENGTH = 100;

  @TempDir Path folder;

  static Stream<TinyDecoder> tiny() {
    return TinyDecoder.ALL.stream();
  }

  @Test
  void everyArchitectureIsTried() {
    assertThat(TinyDecoder.ALL.stream().map(TinyDecoder::architecture))
        .containsExactlyElementsOf(Architectures.ALL.stream().map(Architecture::id).toList());
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void agreesWithLlamaCppInF32(TinyDecoder tiny) throws IOException {
    agrees(tiny, LENGTH);
  }

  /// llama.cpp chooses Phi-3's factors by the length of its context.
  @Test
  void longContextsTakeTheLongFactors() throws IOException {
    agrees(TinyDecoder.ALL.getLast(), 300);
  }

  private void agrees(TinyDecoder tiny, int length) throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    agrees(library, tiny.write(folder.resolve("tiny.gguf")), length);
  }

  /// As bias correction makes them: in every layer of the blocks.
  @Test
  void llamasBiasesAreRead() throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Model empty = new BiasSlots().apply(TinyLlama.seeded(4).model(), new double[0]);
    Random random = new Random(5);
    List<Tensor> filled = new ArrayList<>();
    for (Tensor tensor : empty.tensors().values()) {
      if (tensor.name().endsWith(".bias")) {
        float[] values = new float[Math.toIntExact(tensor.shape().elements())];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        filled.add(
            new Tensor(
                tensor.name(), tensor.shape(), tensor.format(), MemorySegment.ofArray(values)));
      }
    }
    assertThat(filled).hasSize(14);
    agrees(library, TinyLlama.write(folder.resolve("biases.gguf"), empty.with(filled)), LENGTH);
  }

  private static void agrees(LlamaCppLibrary library, Path file, int length) throws IOException {
    int[] tokens = new Random(7).ints(length, 0, TinyLlama.VOCABULARY).toArray();
    float[][] ours = ours(file, tokens);
    try (LlamaModel model = Llama.open(library).loadExact(file, length, 1)) {
      float[][] theirs = model.logits(tokens, 0, length);
      assertThat(LogitRows.largestDifference(ours, theirs)).isLessThan(1e-3);
    }
  }

  private static float[][] ours(Path file, int[] tokens) throws IOException {
    try (GgufFile gguf = GgufReader.open(file)) {
      return LogitRows.of(ModelReader.read(gguf), tokens, Arithmetic.LLAMA_F32_CACHE);
    }
  }
}
