package halftone.kernel.integer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.kernel.Floats;
import halftone.machine.InstructionSet;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tiles rounded by machine code, beside those rounded run by run.
class QuantizedRowsTest {
  private static final int COLUMNS = 5 * QuantizedRows.RUN;

  private static int[] words(float[] values, int rows, InstructionSet set) {
    try (Workers workers = new LocalWorkers(2)) {
      QuantizedRows quantized = QuantizedRows.ofLength(QuantizedRows.length(rows, COLUMNS));
      Arrays.fill(quantized.words(), 0x55555555); // of what was there, nothing is left
      QuantizedRows shaped = quantized.shaped(rows, COLUMNS);
      shaped.fill(new Floats(values), set, workers);
      return shaped.words();
    }
  }

  /// Magnitudes from the smallest to the largest, runs of zeros, and codes that end in a half.
  private static float[] values(int rows) {
    Random random = new Random(rows);
    float[] values = new float[rows * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      int run = i / QuantizedRows.RUN;
      values[i] =
          switch (run % 7) {
            case 0 -> -0f;
            case 1 -> i % QuantizedRows.RUN == 0 ? 127 : i % 13 - 6.5f;
            case 2 -> Float.MIN_VALUE * (random.nextInt(200) - 100);
            default -> (float) (random.nextGaussian() * Math.pow(10, random.nextInt(70) - 38));
          };
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 17})
  void areTheSameWithAllInstructions(int rows) {
    float[] values = values(rows);
    int[] expected = words(values, rows, InstructionSet.NONE);
    for (InstructionSet set : InstructionSet.usable()) {
      assertThat(words(values, rows, set)).as(set.name()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN})
  void whatIsNoNumberIsTheSameWithAllInstructions(float value) {
    float[] values = values(9);
    values[3 * COLUMNS + 70] = value;
    int[] expected = words(values, 9, InstructionSet.NONE);
    for (InstructionSet set : InstructionSet.usable()) {
      assertThat(words(values, 9, set)).as(set.name()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9})
  void machineCodeDoesNotLeaveAnArray(int rows) {
    float[] oneTooFew = new float[rows * COLUMNS - 1];
    for (InstructionSet set : InstructionSet.usable()) {
      assertThatThrownBy(() -> words(oneTooFew, rows, set))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void noRowsAreNoWords() {
    for (InstructionSet set : InstructionSet.usable()) {
      assertThat(words(new float[0], 0, set)).isEmpty();
    }
  }

  @Test
  void otherArraysOfARowAreSeen() {
    try (Workers workers = new LocalWorkers(1)) {
      float[] first = values(1);
      float[] second = values(2);
      QuantizedRows quantized = QuantizedRows.of(first, 1, COLUMNS, workers);
      quantized.fill(new Floats(second), workers);
      quantized.fill(new Floats(first), workers);
      assertThat(quantized.words()).isEqualTo(words(first, 1, InstructionSet.NONE));
    }
  }
}
