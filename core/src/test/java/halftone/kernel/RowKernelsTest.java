package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowKernelsTest {
  private static void swiGlu(float[] gate, float[] up, int at, int count, float[] out) {
    RowKernels.swiGlu(new Floats(gate), new Floats(up), at, count, new Floats(out));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 31, 97, 1000})
  void swiGluAgreesWithTheFormula(int count) {
    float[] gate = VectorKernelsTest.gaussian(count + 2, 1);
    float[] up = VectorKernelsTest.gaussian(count + 2, 2);
    float[] out = new float[count + 2];
    swiGlu(gate, up, 1, count, out);
    for (int i = 1; i <= count; i++) {
      double expected = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
      assertThat((double) out[i]).isCloseTo(expected, within(4e-7 * Math.abs(expected)));
    }
    assertThat(out[0]).isZero();
    assertThat(out[count + 1]).isZero();
  }

  /// Whole vectors go through machine code, where there is some, and the rest does not.
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 23, 64, 1001})
  void everyValueIsTheSameAlone(int count) {
    float[] gate = VectorKernelsTest.gaussian(count, 1);
    float[] up = VectorKernelsTest.gaussian(count, 2);
    gate[0] = -100;
    gate[count / 2] = 1e30f;
    float[] out = new float[count];
    swiGlu(gate, up, 0, count, out);
    float[] scores = gate.clone();
    scores[count / 2] = 90; // the highest
    float[] powers = scores.clone();
    RowKernels.powers(new Floats(powers), 0, count, 0.3f);
    for (int i = 0; i < count; i++) {
      float alone = gate[i] / (Exponential.of(-gate[i]) + 1) * up[i];
      assertThat(out[i]).isEqualTo(alone);
      assertThat(powers[i]).isEqualTo(Exponential.of(Math.fma(scores[i], 0.3f, 90 * -0.3f)));
    }
  }

  @Test
  void machineCodeDoesNotLeaveAnArray() {
    float[] long64 = new float[64];
    float[] long63 = new float[63];
    for (float[][] three :
        new float[][][] {
          {long63, long64, long64}, {long64, long63, long64}, {long64, long64, long63}
        }) {
      assertThatThrownBy(() -> swiGlu(three[0], three[1], 0, 64, three[2]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void swiGluIsTheIdentityOrZeroFarOut() {
    float[] gate = {100, -100, 0, 1e30f, -1e30f, Float.NaN};
    float[] out = new float[6];
    swiGlu(gate, new float[] {1, 1, 1, 1, 1, 1}, 0, 6, out);
    assertThat(out[0]).isEqualTo(100);
    assertThat((double) out[1]).isCloseTo(0, within(1e-35));
    assertThat(out[2]).isZero();
    assertThat(out[3]).isEqualTo(1e30f);
    assertThat((double) out[4]).isCloseTo(0, within(1e-7));
    assertThat(out[5]).isNaN();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 577})
  void rmsNormAgreesWithTheFormula(int width) {
    float[] x = VectorKernelsTest.gaussian(2 * width, 3);
    float[] gain = VectorKernelsTest.gaussian(width, 4);
    float[] out = new float[2 * width];
    RowKernels.rmsNorm(new Floats(x), width, gain, 1e-5f, out);
    double squares = 0;
    for (int i = width; i < 2 * width; i++) {
      squares += (double) x[i] * x[i];
    }
    for (int i = 0; i < width; i++) {
      double expected = x[width + i] / Math.sqrt(squares / width + 1e-5f) * gain[i];
      assertThat((double) out[width + i]).isCloseTo(expected, within(3e-7 * Math.abs(expected)));
      assertThat(out[i]).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 16, 24, 577, 768})
  void squaresAreAddedInTheSameOrderByMachineCode(int width) {
    float[] x = VectorKernelsTest.gaussian(width + 3, 5);
    int whole = width / 8 * 8;
    double expected = SquareSum.lanes(x, 3, whole);
    for (int i = 3 + whole; i < 3 + width; i++) {
      expected += (double) x[i] * x[i];
    }
    assertThat(SquareSum.of(new Floats(x), 3, width)).isEqualTo(expected);
  }

  @Test
  void addsRows() {
    float[] a = {1, 2, 3};
    RowKernels.add(a, new float[] {10, 20, 30}, 1, 2, a);
    assertThat(a).containsExactly(1, 22, 33);
    RowKernels.addRow(a, 1, new float[] {1, 2});
    assertThat(a).containsExactly(1, 23, 35);
  }
}
