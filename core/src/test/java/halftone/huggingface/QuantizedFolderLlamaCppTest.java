package halftone.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.Halftone;
import halftone.llamacpp.AssumedLlamaCpp;
import halftone.llamacpp.Llama;
import halftone.llamacpp.LlamaCppLibrary;
import halftone.llamacpp.LlamaModel;
import halftone.model.GgufFile;
import halftone.model.GgufReader;
import halftone.model.ModelReader;
import halftone.model.TinyLlama;
import halftone.recipe.Effort;
import halftone.recipe.Outcome;
import halftone.runtime.Arithmetic;
import halftone.runtime.LogitRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// From a folder of every family to a quantized and proven file, in one call, and into llama.cpp.
class QuantizedFolderLlamaCppTest {
  private static final Effort SMALL = new Effort("small", 4, 2, 2, 16, 2, 2, 0, true, true);
  private static final int LENGTH = 100;

  @TempDir private Path folder;

  static Stream<TinyFolder> tiny() {
    return TinyFolder.ALL.stream();
  }

  /// llama.cpp's CPU libraries round activations at other moments, so its logits are not ours; but
  /// they lie no farther from those of the decoded weights, and no farther from ours, than ours do.
  @ParameterizedTest
  @MethodSource("tiny")
  void llamaCppRunsTheProvenFileAsWeDo(TinyFolder tiny) throws IOException {
    LlamaCppLibrary library = AssumedLlamaCpp.library();
    Path made = folder.resolve("made.gguf");
    Outcome outcome =
        Halftone.quantize(tiny.write(Files.createDirectory(folder.resolve("model"))), made)
            .effort(SMALL)
            .bits(6)
            .run();
    assertThat(Objects.requireNonNull(outcome.verification()).ours().divergence().value())
        .isBetween(0.0, 0.1);
    int[] tokens = new Random(7).ints(LENGTH, 0, TinyLlama.VOCABULARY).toArray();
    float[][] exact;
    float[][] rounded;
    try (GgufFile file = GgufReader.open(made)) {
      exact = LogitRows.of(ModelReader.read(file), tokens, Arithmetic.EXACT);
      rounded = LogitRows.of(ModelReader.read(file), tokens, Arithmetic.LLAMA_F32_CACHE);
    }
    try (LlamaModel model = Llama.open(library).loadExact(made, LENGTH, 1)) {
      float[][] theirs = model.logits(tokens, 0, LENGTH);
      assertThat(distance(theirs, exact)).isLessThan(1.3 * distance(rounded, exact));
      assertThat(distance(theirs, rounded)).isLessThan(1.3 * distance(rounded, exact));
    }
  }

  /// Root of the mean square of the differences.
  private static double distance(float[][] found, float[][] wanted) {
    double sum = 0;
    for (int row = 0; row < wanted.length; row++) {
      for (int i = 0; i < wanted[row].length; i++) {
        double difference = found[row][i] - wanted[row][i];
        sum += difference * difference;
      }
    }
    return Math.sqrt(sum / wanted.length / wanted[0].length);
  }
}
