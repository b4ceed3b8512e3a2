package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.machine.InstructionSet;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
  private static final Workers WORKERS = new LocalWorkers(3);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1,4",
    "2,1,2,2,8",
    "1,7,3,1,16",
    "2,8,4,2,12",
    "3,9,2,1,64",
    "1,31,2,2,17",
    "2,32,6,3,16",
    "1,33,2,1,8",
    "1,300,2,1,20"
  })
  void agreesWithTheFormula(int sequences, int length, int heads, int keyValueHeads, int size) {
    agrees(attention(heads, keyValueHeads, size), sequences, length);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,0",
    "5,3,1,0",
    "2,40,7,0",
    "1,100,16,0",
    "1,100,33,2",
    "1,70,64,0",
    "2,31,0,3",
    "1,300,100,0.5",
    "1,64,200,1"
  })
  void agreesWithTheFormulaUnderWindowsAndCaps(
      int sequences, int length, int window, float softCap) {
    agrees(
        new Attention(4, 2, 20, 0.3f, window, softCap, RowRounding.NONE, RowRounding.NONE),
        sequences,
        length);
  }

  private static double capped(double score, float cap) {
    return cap == 0 ? score : cap * Math.tanh(score / cap);
  }

  private static void agrees(Attention attention, int sequences, int length) {
    int heads = attention.heads();
    int keyValueHeads = attention.keyValueHeads();
    int size = attention.headSize();
    float[] q = VectorKernelsTest.gaussian(sequences * length * heads * size, 1);
    float[] k = VectorKernelsTest.gaussian(sequences * length * keyValueHeads * size, 2);
    float[] v = VectorKernelsTest.gaussian(sequences * length * keyValueHeads * size, 3);
    float[] out = new float[q.length];
    attention.run(q, k, v, sequences, length, out, WORKERS);
    for (int s = 0; s < sequences; s++) {
      for (int t = 0; t < length; t++) {
        for (int head = 0; head < heads; head++) {
          double[] expected = row(attention, q, k, v, s * length, t, head);
          for (int i = 0; i < size; i++) {
            float actual = out[((s * length + t) * heads + head) * size + i];
            assertThat(Math.abs(actual - expected[i])).isLessThan(2e-6);
          }
        }
      }
    }
  }

  private static double[] row(
      Attention attention, float[] q, float[] k, float[] v, int firstRow, int t, int head) {
    int size = attention.headSize();
    int group = head / (attention.heads() / attention.keyValueHeads());
    double[] out = new double[size];
    double sum = 0;
    int first = attention.window() == 0 ? 0 : Math.max(0, t + 1 - attention.window());
    for (int j = first; j <= t; j++) {
      int query = ((firstRow + t) * attention.heads() + head) * size;
      int key = ((firstRow + j) * attention.keyValueHeads() + group) * size;
      double score = 0;
      for (int i = 0; i < size; i++) {
        score += (double) q[query + i] * k[key + i];
      }
      double p = Math.exp(capped(score * attention.scale(), attention.softCap()));
      sum += p;
      for (int i = 0; i < size; i++) {
        out[i] += p * v[key + i];
      }
    }
    double total = sum;
    return Arrays.stream(out).map(x -> x / total).toArray();
  }

  /// Of one query, of a strip begun and of several, of chunks of a mix begun; heads of odd and even
  /// numbers of vectors; of scores that are nothing but negative zeros, and of some that are no
  /// numbers.
  @ParameterizedTest
  @CsvSource({
    "1,16,0,0",
    "2,64,0,0",
    "33,16,0,0",
    "31,48,7,0",
    "70,64,0,0",
    "70,80,0,2",
    "256,32,0,0",
    "257,64,16,0",
    "300,256,100,0.5",
    "600,96,0,0",
    "600,128,300,0"
  })
  void isTheSameWithAllInstructions(int length, int size, int window, float softCap) {
    Attention attention =
        new Attention(4, 2, size, 0.3f, window, softCap, RowRounding.NONE, RowRounding.NONE);
    float[] q = VectorKernelsTest.gaussian(2 * length * 4 * size, 1);
    float[] k = VectorKernelsTest.gaussian(2 * length * 2 * size, 2);
    float[] v = VectorKernelsTest.gaussian(2 * length * 2 * size, 3);
    Arrays.fill(q, 0, size, 1e-30f);
    Arrays.fill(k, 0, size, -1e-30f);
    k[k.length - 1] = Float.NaN;
    float[] expected = new float[q.length];
    attention.run(q, k, v, 2, length, expected, InstructionSet.NONE, WORKERS);
    for (InstructionSet set : InstructionSet.usable()) {
      float[] out = new float[q.length];
      attention.run(q, k, v, 2, length, out, set, WORKERS);
      assertThat(out).as(set.name()).isEqualTo(expected);
    }
  }

  @Test
  void headsOfWholeVectorsGoThroughMachineCode() {
    for (InstructionSet set : InstructionSet.usable()) {
      for (int size : new int[] {16, 48, 64, 256}) {
        assertThat(StripCode.of(set, size) == null).isEqualTo(set == InstructionSet.NONE);
      }
      assertThat(StripCode.of(set, 20)).isNull();
      assertThat(StripCode.of(set, 272)).isNull();
    }
  }

  @Test
  void sequencesDoNotSeeEachOther() {
    Attention attention = attention(2, 1, 16);
    float[] q = VectorKernelsTest.gaussian(2 * 37 * 32, 1);
    float[] k = VectorKernelsTest.gaussian(2 * 37 * 16, 2);
    float[] v = VectorKernelsTest.gaussian(2 * 37 * 16, 3);
    float[] both = new float[q.length];
    attention.run(q, k, v, 2, 37, both, WORKERS);
    float[] second = new float[37 * 32];
    attention.run(tail(q), tail(k), tail(v), 1, 37, second, WORKERS);
    assertThat(tail(both)).containsExactly(second);
  }

  private static float[] tail(float[] values) {
    return Arrays.copyOfRange(values, values.length / 2, values.length);
  }

  @Test
  void positionsDoNotSeeTheFuture() {
    Attention attention = attention(1, 1, 16);
    float[] q = VectorKernelsTest.gaussian(50 * 16, 1);
    float[] k = VectorKernelsTest.gaussian(50 * 16, 2);
    float[] v = VectorKernelsTest.gaussian(50 * 16, 3);
    float[] all = new float[q.length];
    attention.run(q, k, v, 1, 50, all, WORKERS);
    float[] early = new float[29 * 16];
    attention.run(q, k, v, 1, 29, early, WORKERS);
    assertThat(Arrays.copyOf(all, 29 * 16)).containsExactly(early);
  }

  @Test
  void survivesScoresThatDifferWidely() {
    float[] q = {1000, 1000};
    float[] k = {1000, -1000};
    float[] v = {1, 2};
    float[] out = new float[2];
    attention(1, 1, 1).run(q, k, v, 1, 2, out, WORKERS);
    assertThat(out).containsExactly(1, 1);
  }

  @Test
  void refusesHeadsThatCannotShare() {
    assertThatThrownBy(() -> attention(5, 2, 8)).hasMessageContaining("5 heads cannot share 2");
  }

  private static Attention attention(int heads, int keyValueHeads, int size) {
    float scale = (float) (1 / Math.sqrt(size));
    return new Attention(
        heads, keyValueHeads, size, scale, 0, 0, RowRounding.NONE, RowRounding.NONE);
  }
}
