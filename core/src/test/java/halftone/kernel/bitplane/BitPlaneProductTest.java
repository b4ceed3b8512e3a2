package halftone.kernel.bitplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import halftone.kernel.bitplane.BitPlaneProduct.Form;
import halftone.numeric.ElementFormat;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Products by bit planes beside plain integers.
class BitPlaneProductTest {
  private static final Workers WORKERS = new LocalWorkers(2);
  private static final int ROWS = 17;
  private static final int INPUTS = 5;

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 512, 1000})
  void bothFormsAreExactAtAnyWidths(int columns) {
    Random random = new Random(columns);
    for (int n = 1; n <= 8; n++) {
      for (int m = 1; m <= 8; m++) {
        byte[] w = codes(random, ROWS, columns, n);
        byte[] x = codes(random, INPUTS, columns, m);
        long[] expected = new long[INPUTS * ROWS];
        for (int t = 0; t < INPUTS; t++) {
          for (int r = 0; r < ROWS; r++) {
            expected[t * ROWS + r] = product(w, r * columns, n, x, t * columns, m, columns);
          }
        }
        for (Form form : Form.values()) {
          assertThat(sums(w, x, columns, n, m, columns, form))
              .as("%s, %d and %d bits", form, n, m)
              .isEqualTo(expected);
        }
      }
    }
  }

  /// The last group has columns of its own number, not those of the others.
  @ParameterizedTest
  @EnumSource(Form.class)
  void groupsHaveTheirOwnScales(Form form) {
    int columns = 300;
    int group = 128;
    Random random = new Random(7);
    byte[] w = codes(random, ROWS, columns, 3);
    byte[] x = codes(random, INPUTS, columns, 5);
    float[] weightScales = scales(random, ROWS * 3);
    float[] inputScales = scales(random, INPUTS * 3);
    float[] out = new float[INPUTS * ROWS];
    try (Arena arena = Arena.ofShared()) {
      BitPlaneProduct.multiply(
          BitPlaneRows.of(x, INPUTS, columns, 5, group, inputScales, WORKERS),
          BitPlaneWeight.of(w, ROWS, columns, 3, group, weightScales, arena),
          form,
          out,
          WORKERS);
    }
    for (int t = 0; t < INPUTS; t++) {
      for (int r = 0; r < ROWS; r++) {
        double expected = 0;
        for (int g = 0; g < 3; g++) {
          int from = g * group;
          int count = Math.min(group, columns - from);
          long sum = product(w, r * columns + from, 3, x, t * columns + from, 5, count);
          expected += (double) sum * weightScales[r * 3 + g] * inputScales[t * 3 + g];
        }
        assertThat((double) out[t * ROWS + r]).isCloseTo(expected, within(1e-2));
      }
    }
  }

  /// Ma et al.: codes stand for odd integers, and two's complement is half the scale and a one.
  @Test
  void codesStandForOddIntegers() {
    for (int bits = 1; bits <= 8; bits++) {
      ElementFormat format = ElementFormat.bipolar(bits);
      for (int code = 0; code < 1 << bits; code++) {
        int value = 2 * code - ((1 << bits) - 1);
        assertThat(format.value(code)).isEqualTo(value);
        assertThat(format.value((1 << bits) - 1 - code)).isEqualTo(-value);
        int signed = code - (1 << bits - 1);
        assertThat(value).isEqualTo(2 * signed + 1);
      }
    }
  }

  @Test
  void inputsAreRoundedDownToTheMiddleOfAStep() {
    float[] values = new float[64];
    Arrays.fill(values, 0.49f);
    values[0] = 3;
    values[1] = -3;
    values[2] = -0.0f;
    values[3] = 1.01f;
    values[4] = 2.01f;
    values[5] = -1.5f;
    long[] product = new long[1];
    try (Arena arena = Arena.ofShared()) {
      // One bit a plane of the inputs: a weight that is 1 at a single column and −1 elsewhere.
      BitPlaneRows rows = BitPlaneRows.quantize(values, 1, 64, 2, 64, WORKERS);
      assertThat(rows.scale(0, 0)).isEqualTo(1);
      int[] codes = new int[6];
      for (int j = 0; j < 6; j++) {
        codes[j] =
            (int)
                (rows.planes()[rows.at(0, 0)] >>> j & 1
                    | (rows.planes()[rows.at(0, 1)] >>> j & 1) << 1);
      }
      // −3, −1, 1, 3 for the codes 0 to 3.
      assertThat(codes).containsExactly(3, 0, 2, 2, 3, 1);
      byte[] ones = new byte[64];
      Arrays.fill(ones, (byte) 1);
      BitPlaneWeight weight = BitPlaneWeight.of(ones, 1, 64, 1, 64, new float[] {1}, arena);
      BitPlaneProduct.sums(rows, weight, Form.XOR, product, WORKERS);
    }
    assertThat(product[0]).isEqualTo(3 - 3 + 1 + 1 + 3 - 1 + 58);
  }

  /// So small that one over the scale is infinite.
  @Test
  void smallestNumbersKeepTheirSigns() {
    float[] values = new float[64];
    values[0] = 1e-44f;
    values[1] = -1e-44f;
    BitPlaneRows rows = BitPlaneRows.quantize(values, 1, 64, 2, 64, WORKERS);
    for (int bit = 0; bit < 2; bit++) {
      assertThat(rows.planes()[rows.at(0, bit)] & 3).isEqualTo(1);
    }
  }

  @Test
  void zerosHaveNoScale() {
    BitPlaneRows rows = BitPlaneRows.quantize(new float[128], 1, 128, 4, 64, WORKERS);
    assertThat(rows.scale(0, 0)).isZero();
    assertThat(rows.scale(0, 1)).isZero();
  }

  @Test
  void refusesWhatHasNoPlanes() {
    assertThatThrownBy(() -> BitPlaneRows.quantize(new float[64], 1, 64, 9, 64, WORKERS))
        .hasMessage("codes of 1 to 8 bits have planes, not of 9");
    assertThatThrownBy(() -> BitPlaneRows.quantize(new float[128], 1, 128, 2, 32, WORKERS))
        .hasMessageContaining("groups are multiples of 64");
  }

  private static long[] sums(byte[] w, byte[] x, int columns, int n, int m, int group, Form form) {
    long[] out = new long[INPUTS * ROWS];
    try (Arena arena = Arena.ofShared()) {
      BitPlaneProduct.sums(
          BitPlaneRows.of(x, INPUTS, columns, m, group, new float[INPUTS], WORKERS),
          BitPlaneWeight.of(w, ROWS, columns, n, group, new float[ROWS], arena),
          form,
          out,
          WORKERS);
    }
    return out;
  }

  private static long product(byte[] w, int wFrom, int n, byte[] x, int xFrom, int m, int count) {
    long sum = 0;
    for (int j = 0; j < count; j++) {
      long a = 2L * (w[wFrom + j] & 0xFF) - ((1 << n) - 1);
      long b = 2L * (x[xFrom + j] & 0xFF) - ((1 << m) - 1);
      sum += a * b;
    }
    return sum;
  }

  /// The first row has the largest codes, the second zeros.
  private static byte[] codes(Random random, int rows, int columns, int bits) {
    byte[] codes = new byte[rows * columns];
    for (int i = 0; i < codes.length; i++) {
      int row = i / columns;
      codes[i] = (byte) (row == 0 ? (1 << bits) - 1 : row == 1 ? 0 : random.nextInt(1 << bits));
    }
    return codes;
  }

  private static float[] scales(Random random, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = 0.5f + random.nextFloat();
    }
    return scales;
  }
}
