package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.kernel.ErrorFeedback;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LdlFactorTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  static float[] correlatedGram(int size, int samples, long seed) {
    Random random = new Random(seed);
    float[][] inputs = new float[samples][size];
    for (float[] input : inputs) {
      double shared = random.nextGaussian();
      for (int j = 0; j < size; j++) {
        input[j] = (float) (shared + random.nextGaussian() * (1 + j % 3));
      }
    }
    float[] gram = new float[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (float[] input : inputs) {
          sum += (double) input[i] * input[j];
        }
        gram[i * size + j] = (float) sum;
      }
    }
    return gram;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 32, 33, 97})
  void multipliesBackToTheDampedMatrix(int size) {
    float[] gram = correlatedGram(size, 3 * size + 2, 7);
    LdlFactor factor = LdlFactor.of(gram, size, 0.01, WORKERS);
    double ridge = 0;
    for (int i = 0; i < size; i++) {
      ridge += 0.01 * gram[i * size + i] / size;
    }
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = Math.max(i, j); k < size; k++) {
          sum += unit(factor, i, k) * factor.pivot(k) * unit(factor, j, k);
        }
        double expected = gram[i * size + j] + (i == j ? ridge : 0);
        assertThat(sum).isCloseTo(expected, within(1e-4 * gram[0]));
      }
    }
  }

  private static double unit(LdlFactor factor, int row, int column) {
    return row == column ? 1 : factor.feedback()[row * factor.size() + column];
  }

  @Test
  void aimsTheSecondOfTwoColumnsAsTheClosedFormSays() {
    float[] gram = {4, 1.5f, 1.5f, 2};
    LdlFactor factor = LdlFactor.of(gram, 2, 0, WORKERS);
    assertThat(factor.feedback()[1]).isCloseTo(1.5f / 2f, within(1e-6f));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 40, 65})
  void solvesForAPanelOfRightHandSides(int size) {
    float[] gram = correlatedGram(size, 4 * size, 11);
    LdlFactor factor = LdlFactor.of(gram, size, 0.01, WORKERS);
    Random random = new Random(3);
    double[][] solution = new double[ErrorFeedback.ROWS][size];
    float[] panel = new float[size * ErrorFeedback.ROWS];
    for (int row = 0; row < ErrorFeedback.ROWS; row++) {
      for (int k = 0; k < size; k++) {
        solution[row][k] = random.nextGaussian();
      }
      for (int j = 0; j < size; j++) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
          sum += solution[row][k] * damped(gram, size, k, j);
        }
        panel[j * ErrorFeedback.ROWS + row] = (float) sum;
      }
    }
    factor.solve(panel, factor.mirroredFeedback());
    for (int row = 0; row < ErrorFeedback.ROWS; row++) {
      for (int k = 0; k < size; k++) {
        assertThat((double) panel[k * ErrorFeedback.ROWS + row])
            .isCloseTo(solution[row][k], within(2e-3));
      }
    }
  }

  private static double damped(float[] gram, int size, int i, int j) {
    double mean = 0;
    for (int k = 0; k < size; k++) {
      mean += (double) gram[k * size + k] / size;
    }
    return gram[i * size + j] + (i == j ? 0.01 * mean : 0);
  }

  @Test
  void aDeadInputMovesNothing() {
    float[] gram = {2, 0, 0, 0};
    LdlFactor factor = LdlFactor.of(gram, 2, 0.01, WORKERS);
    assertThat(factor.feedback()).containsOnly(0f);
    assertThat(factor.pivot(1)).isEqualTo(1);
  }

  @Test
  void refusesAMatrixThatIsNotPositiveDefinite() {
    assertThatThrownBy(() -> LdlFactor.of(new float[] {1, 2, 2, 1}, 2, 0, WORKERS))
        .isInstanceOf(NotPositiveDefiniteException.class)
        .hasMessageContaining("not positive definite");
  }
}
