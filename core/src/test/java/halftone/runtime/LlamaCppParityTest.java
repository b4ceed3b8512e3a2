package halftone.runtime;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaLogits;
import halftone.llamacpp.LlamaMixture;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.Model;
import halftone.model.ModelReader;
import halftone.model.SharedFolder;
import halftone.model.Stage;
import halftone.tokenizer.Tokenizers;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The second half of a chunk of 512 tokens, run by us as llama.cpp runs it and by llama.cpp
/// itself.
class LlamaCppParityTest {
  private static final int LENGTH = 512;
  private static final int FIRST = 256;
  private static final String FIRST_CPU = "zen4";
  private static final String SECOND_CPU = "haswell";

  @TempDir Path folder;

  @Test
  void runsF16AsLlamaCppDoes() throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path file = ReferenceModels.aligned();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment theirs = theirs(library, SECOND_CPU, file, arena);
      double divergence = divergence(theirs, ours(file, arena));
      assertThat(divergence).isLessThan(1e-5);
    }
  }

  /// llama.cpp's own CPU libraries differ by so much that nothing closer can be asked for.
  @ParameterizedTest
  @CsvSource({"7,Q8_0", "15,Q4_K_M", "30,IQ4_XS"})
  void runsQuantizedFilesAsCloselyAsTwoOfItsCpuLibraries(int mixture, String name)
      throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path file = folder.resolve(name + ".gguf");
    LlamaMixture.of(mixture).quantize(Llama.open(library), ReferenceModels.aligned(), file);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = theirs(library, FIRST_CPU, file, arena);
      MemorySegment second = theirs(library, SECOND_CPU, file, arena);
      MemorySegment ours = ours(file, arena);
      double among = divergence(first, second);
      assertThat(divergence(first, ours)).isLessThan(1.2 * among);
      assertThat(divergence(second, ours)).isLessThan(1.2 * among);
    }
  }

  private MemorySegment theirs(LlamaCppLibrary library, String cpu, Path file, Arena arena)
      throws IOException {
    Path out = folder.resolve(cpu + ".logits");
    return new LlamaLogits(library, cpu, 1, FIRST)
        .compute(file, new int[][] {tokens(file)}, out, arena);
  }

  private static int[] tokens(Path file) throws IOException {
    String text =
        Files.readString(SharedFolder.file("data/text/wikitext-a.txt"), StandardCharsets.UTF_8);
    try (GgufFile gguf = GgufReader.open(file)) {
      int[] ids = Tokenizers.of(gguf.keys()).encodeFile(text.substring(text.length() - 10_000));
      return Arrays.copyOf(ids, LENGTH);
    }
  }

  private static MemorySegment ours(Path file, Arena arena) throws IOException {
    try (GgufFile gguf = GgufReader.open(file);
        Workers workers = new LocalWorkers(2)) {
      Model model = ModelReader.read(gguf);
      Engine engine = new Engine(model, Arithmetic.LLAMA, workers);
      Activations hidden = engine.embed(new int[][] {tokens(file)});
      for (Stage block : model.blocks()) {
        hidden = engine.run(block, hidden, Tap.NONE);
      }
      long width = model.tensors().get("token_embd.weight").shape().rows();
      MemorySegment all = arena.allocate(JAVA_FLOAT, width * (LENGTH - FIRST));
      int[] rows = IntStream.range(FIRST, LENGTH).toArray();
      engine.head(
          hidden,
          rows,
          Tap.NONE,
          (first, count, logits) ->
              MemorySegment.copy(
                  logits,
                  0,
                  all,
                  JAVA_FLOAT,
                  first * width * Float.BYTES,
                  Math.toIntExact(count * width)));
      return all;
    }
  }

  /// Mean KL divergence of the second from the first, over positions.
  private static double divergence(MemorySegment p, MemorySegment q) {
    int rows = LENGTH - FIRST;
    int width = Math.toIntExact(p.byteSize() / Float.BYTES / rows);
    return IntStream.range(0, rows)
        .mapToDouble(row -> divergence(row(p, row, width), row(q, row, width)))
        .average()
        .orElseThrow();
  }

  private static double[] row(MemorySegment logits, int row, int width) {
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      values[i] = logits.getAtIndex(JAVA_FLOAT, (long) row * width + i);
    }
    double highest = Arrays.stream(values).max().orElseThrow();
    double sum = Arrays.stream(values).map(v -> Math.exp(v - highest)).sum();
    return Arrays.stream(values).map(v -> v - highest - Math.log(sum)).toArray();
  }

  private static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.exp(p[i]) * (p[i] - q[i]);
    }
    return sum;
  }
}
