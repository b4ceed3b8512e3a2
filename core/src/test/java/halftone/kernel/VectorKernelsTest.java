package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every product equals its plain loop bit for bit, at sizes around those of vectors, panels,
/// chunks and pieces.
class VectorKernelsTest {
  private static final Workers WORKERS = new LocalWorkers(3);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0,5,3",
    "5,0,3",
    "3,5,0",
    "1,1,1",
    "7,15,17",
    "8,16,16",
    "9,17,31",
    "8,32,256",
    "13,33,257",
    "16,64,255",
    "17,65,512",
    "31,127,513",
    "40,131,769"
  })
  void productsEqualThePlainLoops(int m, int n, int k) {
    float[] a = gaussian(m * k, 1);
    float[] b = gaussian(n * k, 2);
    float[] expected = ScalarKernels.multiplyTransposed(a, b, m, n, k);
    assertThat(VectorKernels.multiplyTransposed(a, b, m, n, k, WORKERS)).containsExactly(expected);
    float[] out = new float[m * n];
    Panels x = Panels.ofRows(a, m, k, RowRounding.NONE, WORKERS);
    VectorKernels.multiply(x, new Rows(n, k, b), out, WORKERS);
    assertThat(out).containsExactly(expected);
    assertThat(VectorKernels.multiply(a, b, m, n, k, WORKERS))
        .containsExactly(ScalarKernels.multiply(a, b, m, n, k));
  }

  @ParameterizedTest
  @CsvSource({"0,5", "1,1", "7,15", "255,16", "256,17", "257,33", "600,67"})
  void gramEqualsThePlainLoop(int t, int d) {
    float[] x = gaussian(t * d, 3);
    double[] expected = start(d * d);
    double[] gram = start(d * d);
    symmetric(expected, d);
    symmetric(gram, d);
    ScalarKernels.cross(x, x, t, d, d, expected);
    VectorKernels.gram(x, t, d, gram, WORKERS);
    assertThat(gram).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({"0,5,2", "1,1,1", "7,15,3", "256,8,33", "257,33,16", "600,31,67"})
  void crossEqualsThePlainLoop(int t, int p, int q) {
    float[] x = gaussian(t * p, 4);
    float[] y = gaussian(t * q, 5);
    double[] expected = start(p * q);
    double[] cross = start(p * q);
    ScalarKernels.cross(x, y, t, p, q, expected);
    VectorKernels.cross(x, y, t, p, q, cross, WORKERS);
    assertThat(cross).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 9, 20})
  void aRowDoesNotDependOnItsCompany(int rows) {
    int n = 70;
    int k = 300;
    float[] b = gaussian(n * k, 6);
    float[] a = gaussian(20 * k, 7);
    float[] all = VectorKernels.multiplyTransposed(a, b, 20, n, k, WORKERS);
    float[] some = VectorKernels.multiplyTransposed(a, b, rows, n, k, WORKERS);
    assertThat(some).containsExactly(java.util.Arrays.copyOf(all, rows * n));
  }

  @Test
  void roundsRowsBeforeTheProductAndLeavesThemAlone() {
    float[] a = {1.4f, 2.6f};
    Panels x = Panels.ofRows(a, 1, 2, VectorKernelsTest::toIntegers, WORKERS);
    float[] out = new float[1];
    VectorKernels.multiply(x, new Rows(1, 2, new float[] {10, 1}), out, WORKERS);
    assertThat(out).containsExactly(13);
    assertThat(a).containsExactly(1.4f, 2.6f);
  }

  private static void toIntegers(float[] row, int at, int count) {
    for (int i = at; i < at + count; i++) {
      row[i] = Math.round(row[i]);
    }
  }

  @Test
  void namesShapesThatDoNotFit() {
    Panels x = Panels.ofRows(new float[6], 2, 3, RowRounding.NONE, WORKERS);
    Weight weight = new Rows(5, 4, new float[20]);
    assertThatThrownBy(() -> VectorKernels.multiply(x, weight, new float[10], WORKERS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 rows of 3 do not go through 4×5");
  }

  static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] start(int count) {
    double[] values = new double[count];
    java.util.Arrays.setAll(values, i -> 0.5 * i);
    return values;
  }

  private static void symmetric(double[] values, int d) {
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        values[j * d + i] = values[i * d + j];
      }
    }
  }

  /// Weights that lie decoded in memory.
  private record Rows(int count, int columns, float[] values) implements Weight {
    @Override
    public Shape shape() {
      return Shape.of(columns, count);
    }

    @Override
    public void rows(long from, int count, float[] out, int at) {
      System.arraycopy(values, Math.toIntExact(from * columns), out, at, count * columns);
    }
  }
}
