package halftone.torch;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.model.Model;
import halftone.model.Stage;
import halftone.model.TinyDecoder;
import halftone.runtime.Activations;
import halftone.runtime.Arithmetic;
import halftone.runtime.Engine;
import halftone.runtime.Tap;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The differentiable engine gives the logits of the quantized one, for every architecture.
class EngineParityTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  /// Longer than a window.
  private static final int LENGTH = 2 * TinyDecoder.WINDOW + 3;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static List<TinyDecoder> architectures() {
    return TinyDecoder.ALL;
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void enginesAgree(TinyDecoder tiny) {
    Model model = tiny.model();
    int[][] tokens = Tiny.tokens(2, LENGTH);
    float[] expected = logits(model, tokens);
    for (Precision precision : Precision.values()) {
      assertThat(largestDifference(Tiny.logits(model, tokens, precision), expected))
          .isLessThan(2e-5);
    }
  }

  private static double largestDifference(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) found[i] - expected[i]));
    }
    return largest;
  }

  static float[] logits(Model model, int[][] tokens) {
    Engine engine = new Engine(model, Arithmetic.EXACT, WORKERS);
    Activations hidden = engine.embed(tokens);
    for (Stage block : model.blocks()) {
      hidden = engine.run(block, hidden, Tap.NONE);
    }
    int rows = hidden.rows();
    int vocabulary = Tiny.VOCABULARY;
    float[] all = new float[rows * vocabulary];
    engine.head(
        hidden,
        IntStream.range(0, rows).toArray(),
        Tap.NONE,
        (first, count, logits) ->
            System.arraycopy(logits, 0, all, first * vocabulary, count * vocabulary));
    return all;
  }
}
