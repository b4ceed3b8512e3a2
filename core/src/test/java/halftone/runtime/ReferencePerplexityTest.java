package halftone.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The perplexity that llama.cpp measured on the reference model.
@Tag("slow")
class ReferencePerplexityTest {
  private static final int LENGTH = 512;
  private static final int CHUNKS = 24;
  private static final int TOGETHER = 4;
  private static final int TEXT_BYTES = 150_000;

  @Test
  void perplexityOfTheReferenceModelIsLlamaCpps() throws IOException {
    byte[] text = Files.readAllBytes(SharedFolder.file("data/text/wikitext-a.txt"));
    int from = text.length - TEXT_BYTES;
    String verification = new String(text, from, TEXT_BYTES, StandardCharsets.UTF_8);
    try (GgufFile file = GgufReader.open(ReferenceModels.aligned());
        Workers workers = new LocalWorkers(2)) {
      int[] tokens = Tokenizers.of(file.keys()).encodeFile(verification);
      Model model = ModelReader.read(file);
      double mean =
          IntStream.range(0, CHUNKS / TOGETHER)
              .mapToObj(batch -> chunks(tokens, batch * TOGETHER))
              .flatMapToDouble(chunks -> losses(model, workers, chunks))
              .average()
              .orElseThrow();
      assertThat(Math.exp(mean)).isCloseTo(24.13, within(0.05));
    }
  }

  private static int[][] chunks(int[] tokens, int first) {
    return IntStream.range(first, first + TOGETHER)
        .mapToObj(chunk -> Arrays.copyOfRange(tokens, chunk * LENGTH, (chunk + 1) * LENGTH))
        .toArray(int[][]::new);
  }

  /// Of the second half of every chunk but its first token.
  private static DoubleStream losses(Model model, Workers workers, int[][] chunks) {
    Engine engine = new Engine(model, Arithmetic.EXACT, workers);
    Activations hidden = engine.embed(chunks);
    for (Stage block : model.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    int[] rows =
        IntStream.range(0, hidden.rows())
            .filter(row -> row % LENGTH >= LENGTH / 2 && row % LENGTH < LENGTH - 1)
            .toArray();
    double[] losses = new double[rows.length];
    engine.head(
        hidden,
        rows,
        Tap.NONE,
        (first, count, logits) ->
            workers.forEach(
                count,
                i -> {
                  int row = rows[first + i];
                  int target = chunks[row / LENGTH][row % LENGTH + 1];
                  losses[first + i] =
                      loss(logits, i * (logits.length / count), target, logits.length / count);
                }));
    return Arrays.stream(losses);
  }

  private static double loss(float[] logits, int at, int target, int width) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + width; i++) {
      highest = Math.max(highest, logits[i]);
    }
    double sum = 0;
    for (int i = at; i < at + width; i++) {
      sum += Math.exp(logits[i] - highest);
    }
    return highest + Math.log(sum) - logits[at + target];
  }
}
