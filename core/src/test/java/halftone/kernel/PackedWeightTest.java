package halftone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import halftone.machine.InstructionSet;
import halftone.numeric.FittedRows;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedWeightTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  private static Tensor weight(String format, int columns, int rows) {
    WeightFormat into = (WeightFormat) NumberFormats.named(format);
    float[] values = VectorKernelsTest.gaussian(rows * columns, 3);
    // Some are too small for a normal half, and one is zero.
    for (int i = 0; i < values.length; i += 3) {
      values[i] *= 1e-5f;
    }
    values[0] = 0;
    FittedRows fitted = into.fit(values, 0, rows, columns, null);
    MemorySegment bytes = Arena.ofAuto().allocate(Tensor.bytesOf(Shape.of(columns, rows), into));
    fitted.pack(bytes, 0);
    return new Tensor("w", Shape.of(columns, rows), into, bytes);
  }

  /// One row, a part of a panel, whole panels and more; strips whole and begun; chunks likewise.
  @ParameterizedTest
  @CsvSource({
    "F16,1,1,1",
    "F16,31,33,1",
    "F16,300,70,1",
    "F16,300,70,5",
    "F16,256,64,16",
    "F16,520,7,19",
    "BF16,40,65,1",
    "BF16,300,33,9",
    "F32,17,5,1",
    "F32,700,40,8",
    "Q4_K,512,33,1",
    "Q8_0,96,100,3",
    "IQ2_S,256,64,1",
    "F16,8,64,1",
    "F16,576,300,1",
    "BF16,264,200,1",
    "F32,1536,130,1",
    "Q6_K,512,64,1"
  })
  void givesTheBitsOfTheDecodedProduct(String format, int columns, int rows, int m) {
    Tensor weight = weight(format, columns, rows);
    float[] x = VectorKernelsTest.gaussian(m * columns, 4);
    Panels panels = Panels.ofRows(x, m, columns, RowRounding.NONE, WORKERS);
    float[] expected = new float[m * rows];
    VectorKernels.multiply(panels, weight, expected, WORKERS);
    for (InstructionSet set : InstructionSet.usable()) {
      float[] first = new float[m * rows];
      float[] later = new float[m * rows];
      try (Arena arena = Arena.ofShared()) {
        PackedWeight packed = PackedWeight.of(weight, arena, set, WORKERS);
        packed.multiply(panels, first, WORKERS);
        packed.multiply(panels, later, WORKERS);
      }
      assertThat(first).as(set.id()).containsExactly(expected);
      assertThat(later).as(set.id()).containsExactly(expected);
    }
  }

  @Test
  void refusesInfiniteHalvesAndRowsOfAnotherLength() {
    MemorySegment bytes = Arena.ofAuto().allocate(4);
    bytes.set(ValueLayout.JAVA_SHORT, 2, (short) 0x7C00);
    Tensor weight = new Tensor("w", Shape.of(2, 1), NumberFormats.named("F16"), bytes);
    try (Arena arena = Arena.ofShared()) {
      assertThatThrownBy(() -> PackedWeight.of(weight, arena, WORKERS))
          .hasMessageContaining("w: holds Infinity");
      PackedWeight sound = PackedWeight.of(weight("F16", 4, 3), arena, WORKERS);
      Panels rows = Panels.ofRows(new float[3], 1, 3, RowRounding.NONE, WORKERS);
      assertThatThrownBy(() -> sound.multiply(rows, new float[3], WORKERS))
          .hasMessageContaining("1 rows of 3 do not go through 4 × 3");
    }
  }
}
