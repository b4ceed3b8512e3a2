package halftone.runtime;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.model.TinyLlama;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.stream.IntStream;

/// Logits of every position of a text, for tests of networks with the vocabulary of [TinyLlama].
public final class LogitRows {
  private LogitRows() {}

  /// One row a token.
  public static float[][] of(Model model, int[] tokens, Arithmetic arithmetic) {
    try (Workers workers = new LocalWorkers(2)) {
      Engine engine = new Engine(model, arithmetic, workers);
      Activations hidden = engine.embed(new int[][] {tokens});
      for (Stage block : model.blocks()) {
        hidden = engine.run(block, hidden, Tap.NONE);
      }
      float[][] rows = new float[tokens.length][TinyLlama.VOCABULARY];
      engine.head(
          hidden,
          IntStream.range(0, tokens.length).toArray(),
          Tap.NONE,
          (first, count, logits) -> {
            for (int i = 0; i < count; i++) {
              System.arraycopy(
                  logits, i * TinyLlama.VOCABULARY, rows[first + i], 0, TinyLlama.VOCABULARY);
            }
          });
      return rows;
    }
  }

  public static double largestDifference(float[][] a, float[][] b) {
    double largest = 0;
    for (int row = 0; row < a.length; row++) {
      for (int i = 0; i < a[row].length; i++) {
        largest = Math.max(largest, Math.abs(a[row][i] - b[row][i]));
      }
    }
    return largest;
  }
}
