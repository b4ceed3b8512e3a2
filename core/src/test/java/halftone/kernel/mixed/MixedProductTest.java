package halftone.kernel.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import halftone.machine.InstructionSet;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The product beside sums of 64-bit integers: codes, then scales, block by block.
class MixedProductTest {
  private static final int BLOCK = MixedShape.BLOCK;

  private record Weights(byte[] codes, float[] scales, int rows, int columns) {
    static Weights random(int rows, int columns) {
      Random random = new Random(rows);
      byte[] codes = new byte[rows * columns];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) (random.nextInt(16) - 8);
      }
      float[] scales = new float[rows * columns / BLOCK];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = random.nextFloat();
      }
      return new Weights(codes, scales, rows, columns);
    }

    MixedWeight packed(NibbleForm form, Arena arena) {
      return MixedWeight.of(codes, scales, rows, columns, form, arena);
    }
  }

  private static float[] inputs(int rows, int columns) {
    Random random = new Random(columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 128", "2, 31, 256", "3, 33, 384", "5, 64, 128", "8, 32, 640", "9, 100, 256"})
  void everyBlockIsASumOfIntegers(int rows, int outputs, int columns) {
    Weights weights = Weights.random(outputs, columns);
    int blocks = columns / BLOCK;
    try (Workers workers = new LocalWorkers(2);
        Arena arena = Arena.ofShared()) {
      MixedRows x =
          MixedRows.quantize(
              inputs(rows, columns), rows, columns, Math.ceilDiv(blocks, 3), workers);
      for (InstructionSet set : sets()) {
        for (NibbleForm form : NibbleForm.values()) {
          float[] out = new float[rows * outputs];
          MixedProduct.multiply(x, weights.packed(form, arena), set, out, workers);
          for (int row = 0; row < rows; row++) {
            for (int output = 0; output < outputs; output++) {
              assertThat(out[row * outputs + output])
                  .as("%s %s, row %d, output %d", set, form, row, output)
                  .isEqualTo(reference(x, weights, row, output));
            }
          }
        }
      }
    }
  }

  private static InstructionSet[] sets() {
    boolean emits = InstructionSet.usable().contains(InstructionSet.AVX512_VNNI);
    return emits
        ? new InstructionSet[] {InstructionSet.NONE, InstructionSet.AVX512_VNNI}
        : new InstructionSet[] {InstructionSet.NONE};
  }

  private static float reference(MixedRows x, Weights weights, int row, int output) {
    int blocks = weights.columns() / BLOCK;
    float total = 0;
    for (int block = 0; block < blocks; block++) {
      long sum = 0;
      for (int column = block * BLOCK; column < (block + 1) * BLOCK; column++) {
        sum += (long) x.code(row, column) * weights.codes()[output * weights.columns() + column];
      }
      float scale = weights.scales()[output * blocks + block] * x.scale(row, block);
      total = Math.fma((float) sum, scale, total);
    }
    return total;
  }

  @Test
  void theLargestCodesDoNotOverflow() {
    int columns = 4 * BLOCK;
    byte[] codes = new byte[32 * columns];
    java.util.Arrays.fill(codes, (byte) -8);
    float[] ones = new float[32 * 4];
    java.util.Arrays.fill(ones, 1);
    float[] values = new float[8 * columns];
    java.util.Arrays.fill(values, -127);
    try (Workers workers = new LocalWorkers(1);
        Arena arena = Arena.ofShared()) {
      MixedRows x = MixedRows.quantize(values, 8, columns, 4, workers);
      for (InstructionSet set : sets()) {
        float[] out = new float[8 * 32];
        MixedWeight weight =
            MixedWeight.of(codes, ones, 32, columns, NibbleForm.TIMES_SIXTEEN, arena);
        MixedProduct.multiply(x, weight, set, out, workers);
        assertThat(out).containsOnly(127f * 8 * columns);
      }
    }
  }

  @Test
  void blocksHaveEightBitsOrFour() {
    try (Workers workers = new LocalWorkers(1)) {
      float[] values = inputs(1, 2 * BLOCK);
      MixedRows x = MixedRows.quantize(values, 1, 2 * BLOCK, 1, workers);
      int first = 0;
      int second = 0;
      for (int column = 0; column < BLOCK; column++) {
        first = Math.max(first, Math.abs(x.code(0, column)));
        second = Math.max(second, Math.abs(x.code(0, BLOCK + column)));
        float error = values[column] - x.code(0, column) * x.scale(0, 0);
        assertThat(Math.abs(error)).isLessThanOrEqualTo(x.scale(0, 0) * 0.5001f);
      }
      assertThat(first).isEqualTo(127);
      assertThat(second).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource(NibbleForm.class)
  void zerosStayZero(NibbleForm form) {
    Weights weights = Weights.random(32, BLOCK);
    try (Workers workers = new LocalWorkers(1);
        Arena arena = Arena.ofShared()) {
      MixedRows x = MixedRows.quantize(new float[BLOCK], 1, BLOCK, 0, workers);
      float[] out = new float[32];
      MixedProduct.multiply(x, weights.packed(form, arena), out, workers);
      assertThat(out).containsOnly(0f);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Workers workers = new LocalWorkers(1);
        Arena arena = Arena.ofShared()) {
      assertThatThrownBy(() -> MixedRows.quantize(new float[100], 1, 100, 0, workers))
          .hasMessageContaining("no whole number of blocks of 128");
      float[] notANumber = new float[BLOCK];
      notANumber[5] = Float.NaN;
      assertThatThrownBy(() -> MixedRows.quantize(notANumber, 1, BLOCK, 0, workers))
          .isInstanceOf(ArithmeticException.class);
      byte[] codes = new byte[BLOCK];
      codes[7] = 8;
      assertThatThrownBy(
              () -> MixedWeight.of(codes, new float[1], 1, BLOCK, NibbleForm.TIMES_SIXTEEN, arena))
          .hasMessageContaining("code 8 does not fit four bits");
    }
  }

  @Test
  void machineCodeIsTried() {
    assumeTrue(
        InstructionSet.usable().contains(InstructionSet.AVX512_VNNI),
        "this machine has no AVX-512 VNNI");
    assertThat(sets()).contains(InstructionSet.AVX512_VNNI);
  }
}
