package halftone.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every weight format promises. A new member of `NumberFormats.ALL` is tested without a line
/// here.
class WeightFormatSuiteTest {
  private static final int COLUMNS = 512;
  private static final int ROWS = 3;

  static List<WeightFormat> formats() {
    return NumberFormats.weightFormats();
  }

  private static float[] gaussian(int count, long seed) {
    Random random = new Random(seed);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static float @Nullable [] neededImportance(WeightFormat format) {
    return format.requiresImportance() ? TestTensor.importance() : null;
  }

  private static FittedRows fit(WeightFormat format, float[] x) {
    return format.fit(x, 0, x.length / COLUMNS, COLUMNS, neededImportance(format));
  }

  private static float[] decoded(WeightFormat format, FittedRows fitted) {
    return TestTensor.decode(format, TestTensor.pack(format, fitted));
  }

  /// Rounds every column of row-major `x` and returns what the codes decode to, row-major.
  private static float[] roundAll(FittedRows fitted, float[] x) {
    int rows = fitted.rows();
    int arity = fitted.arity();
    float[] wanted = new float[arity * rows];
    float[] rounded = new float[arity * rows];
    float[] result = new float[x.length];
    for (int column = 0; column < COLUMNS; column += arity) {
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = x[i % rows * COLUMNS + column + i / rows];
      }
      fitted.round(column, wanted, rounded);
      for (int i = 0; i < wanted.length; i++) {
        result[i % rows * COLUMNS + column + i / rows] = rounded[i];
      }
    }
    return result;
  }

  private static void assertSameNumbers(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i] + 0f).as("element %d", i).isEqualTo(expected[i] + 0f);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void roundsWhatItDecodesToToItself(WeightFormat format) {
    FittedRows fitted = fit(format, gaussian(ROWS * COLUMNS, 1));
    float[] decoded = decoded(format, fitted);
    assertSameNumbers(roundAll(fitted, decoded), decoded);
    assertSameNumbers(decoded(format, fitted), decoded);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void neverRoundsWorseThanTheEncoder(WeightFormat format) {
    float[] x = gaussian(ROWS * COLUMNS, 2);
    FittedRows fitted = fit(format, x);
    float[] encoded = decoded(format, fitted);
    float[] rounded = roundAll(fitted, x);
    int arity = fitted.arity();
    for (int i = 0; i < x.length; i += arity) {
      double tolerated = squaredError(x, encoded, i, arity) + 1e-6;
      assertThat(squaredError(x, rounded, i, arity)).as("weight %d", i).isLessThan(tolerated);
    }
  }

  private static double squaredError(float[] x, float[] y, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += ((double) x[i] - y[i]) * ((double) x[i] - y[i]);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void packsWhatRoundReported(WeightFormat format) {
    FittedRows fitted = fit(format, gaussian(ROWS * COLUMNS, 3));
    float[] rounded = roundAll(fitted, gaussian(ROWS * COLUMNS, 4));
    assertSameNumbers(decoded(format, fitted), rounded);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void packsOnlyTheLastCodes(WeightFormat format) {
    float[] x = gaussian(ROWS * COLUMNS, 5);
    FittedRows fitted = fit(format, x);
    roundAll(fitted, x);
    byte[] first = TestTensor.pack(format, fitted);
    roundAll(fitted, gaussian(ROWS * COLUMNS, 6));
    byte[] other = TestTensor.pack(format, fitted);
    roundAll(fitted, x);
    assertThat(TestTensor.pack(format, fitted)).isEqualTo(first).isNotEqualTo(other);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void fitsEachRowByItself(WeightFormat format) {
    float[] x = gaussian(ROWS * COLUMNS, 7);
    byte[] together = TestTensor.pack(format, fit(format, x));
    int rowBytes = (int) format.layout().bytesOf(COLUMNS);
    for (int row = 0; row < ROWS; row++) {
      FittedRows one = format.fit(x, row * COLUMNS, 1, COLUMNS, neededImportance(format));
      byte[] expected = Arrays.copyOfRange(together, row * rowBytes, (row + 1) * rowBytes);
      assertThat(TestTensor.pack(format, one)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void packsAndDecodesAtAnOffsetAndTouchesNothingElse(WeightFormat format) {
    FittedRows fitted = fit(format, gaussian(COLUMNS, 8));
    byte[] expected = TestTensor.pack(format, fitted);
    byte[] out = new byte[expected.length + 8];
    Arrays.fill(out, (byte) 0x5a);
    fitted.pack(MemorySegment.ofArray(out), 3);
    assertThat(Arrays.copyOfRange(out, 3, 3 + expected.length)).isEqualTo(expected);
    assertThat(Arrays.copyOf(out, 3)).containsOnly(0x5a);
    assertThat(Arrays.copyOfRange(out, 3 + expected.length, out.length)).containsOnly(0x5a);
    float[] values = new float[COLUMNS + 2];
    format.decode(MemorySegment.ofArray(out), 3, values, 1, COLUMNS);
    assertThat(Arrays.copyOfRange(values, 1, COLUMNS + 1))
        .isEqualTo(TestTensor.decode(format, expected));
    assertThat(values[0] + values[COLUMNS + 1]).isZero();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void keepsZeroRowsZero(WeightFormat format) {
    float[] zeros = new float[ROWS * COLUMNS];
    FittedRows fitted = fit(format, zeros);
    assertSameNumbers(decoded(format, fitted), zeros);
    if (format.layout().weights() > 1) { // a scale of zero leaves nothing to round to
      for (float y : roundAll(fitted, gaussian(ROWS * COLUMNS, 9))) {
        assertThat(Math.abs(y)).isLessThan(1e-36f); // MXFP4's smallest scale is 2^-128
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void keepsASingleSpikeNearItself(WeightFormat format) {
    float[] x = new float[COLUMNS];
    x[77] = -1.5f;
    float[] decoded = decoded(format, fit(format, x));
    assertThat(decoded[77]).isBetween(-2.5f, 0f);
    for (float y : decoded) {
      assertThat(Math.abs(y)).isLessThanOrEqualTo(2.5f);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void keepsTinyWeightsTiny(WeightFormat format) {
    float[] x = gaussian(COLUMNS, 10);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 1e-17f;
    }
    for (float y : decoded(format, fit(format, x))) {
      assertThat(Math.abs(y)).isLessThan(1e-15f);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void namesTheWeightThatIsNotFinite(WeightFormat format) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] x = gaussian(2 * COLUMNS, 11);
      x[COLUMNS + 300] = bad;
      assertThatThrownBy(() -> fit(format, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("row 1, column 300")
          .hasMessageMatching(".*(not finite|NaN|[Ii]nfini).*");
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void refusesWeightsBeyondItsRange(WeightFormat format) {
    if (List.of("F32", "BF16", "MXFP4").contains(format.id())) {
      return; // their exponents reach as far as the weights' own
    }
    for (float large : new float[] {1e9f, 1e20f, Float.MAX_VALUE}) {
      float[] x = gaussian(COLUMNS, 12);
      x[5] = large;
      assertThatThrownBy(() -> fit(format, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(format.id());
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void refusesRowsThatAreNoWholeBlocks(WeightFormat format) {
    int block = format.layout().weights();
    if (block > 1) {
      assertThatThrownBy(() -> format.fit(new float[block + 1], 0, 1, block + 1, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(block));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void refusesBadImportance(WeightFormat format) {
    float[] x = gaussian(COLUMNS, 13);
    assertThatThrownBy(() -> format.fit(x, 0, 1, COLUMNS, new float[COLUMNS - 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("importance");
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] importance = TestTensor.importance();
      importance[9] = bad;
      assertThatThrownBy(() -> format.fit(x, 0, 1, COLUMNS, importance))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("importance")
          .hasMessageContaining("9");
    }
  }
}
