package halftone.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.evidence.InputMoments;
import halftone.evidence.LayerEvidence;
import halftone.evidence.OutputMoments;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KroneckerFisherTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final int ROWS = 37;
  private static final int COLUMNS = 53;
  private static final int TOKENS = 90;

  private final Random random = new Random(5);
  private final float[] errors = gaussian(ROWS * COLUMNS);
  private final float[] x = gaussian(TOKENS * COLUMNS);
  private final float[] g = gaussian(TOKENS * ROWS);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private float[] gaussian(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /// Σ_t v vᵀ over rows of `width`.
  private static float[] gram(float[] v, int width) {
    float[] gram = new float[width * width];
    for (int t = 0; t < TOKENS; t++) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          gram[i * width + j] += v[t * width + i] * v[t * width + j];
        }
      }
    }
    return gram;
  }

  private static float[] diagonal(float[] gram, int width) {
    float[] diagonal = new float[width];
    for (int i = 0; i < width; i++) {
      diagonal[i] = gram[i * width + i];
    }
    return diagonal;
  }

  private LayerEvidence layer(boolean whole) {
    float[] a = gram(x, COLUMNS);
    float[] b = gram(g, ROWS);
    for (int i = 0; i < b.length; i++) {
      b[i] /= TOKENS;
    }
    return new LayerEvidence(
        new InputMoments(COLUMNS, TOKENS, diagonal(a, COLUMNS), a),
        new OutputMoments(diagonal(b, ROWS), whole ? b : null),
        null);
  }

  /// ½·mean over tokens s and t of (g_s E x_t)², which is what the trace says; with the diagonal
  /// alone each output by itself.
  private double expected(boolean whole) {
    double sum = 0;
    for (int t = 0; t < TOKENS; t++) {
      double[] change = new double[ROWS];
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          change[i] += (double) errors[i * COLUMNS + j] * x[t * COLUMNS + j];
        }
      }
      for (int s = 0; s < TOKENS; s++) {
        double all = 0;
        double squares = 0;
        for (int i = 0; i < ROWS; i++) {
          double part = g[s * ROWS + i] * change[i];
          all += part;
          squares += part * part;
        }
        sum += whole ? all * all : squares;
      }
    }
    return sum / (2.0 * TOKENS * TOKENS);
  }

  @Test
  void isHalfTheMeanSquareOfTheLossChangeOverAllPairsOfTokens() {
    double loss = new KroneckerFisher().loss(errors, ROWS, COLUMNS, layer(true), WORKERS);
    assertThat(loss / expected(true)).isCloseTo(1, within(1e-5));
  }

  @Test
  void withTheDiagonalAloneOutputsCountByThemselves() {
    double loss = new KroneckerFisher().loss(errors, ROWS, COLUMNS, layer(false), WORKERS);
    assertThat(loss / expected(false)).isCloseTo(1, within(1e-5));
  }

  @Test
  void aSampleOfOutputsKeepsTheSumOfAllSquares() {
    OutputMoments all = new OutputMoments(new float[] {1, 100, 3, 0, 5, 11}, null);
    OutputMoments some = all.sampled(place -> 2 * place, 3);
    // 1, 3 and 5 have a mean of 3, all six one of 20.
    assertThat(some.squares()).containsExactly(20f / 3, 20, 100f / 3);
  }

  @Test
  void refusesALayerWithoutGradientsAndErrorsOfAnotherShape() {
    LayerEvidence blind = LayerEvidence.of(layer(true).inputs());
    assertThatThrownBy(() -> new KroneckerFisher().loss(errors, ROWS, COLUMNS, blind, WORKERS))
        .hasMessageContaining("kronecker-fisher needs moments of gradients");
    assertThatThrownBy(
            () -> new KroneckerFisher().loss(errors, ROWS - 1, COLUMNS, layer(true), WORKERS))
        .hasMessageContaining("36 rows for a layer of 37 outputs");
  }
}
