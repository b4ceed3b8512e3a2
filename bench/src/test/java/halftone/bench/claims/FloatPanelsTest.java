package halftone.bench.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import halftone.machine.InstructionSet;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All ways through a panel beside plain sums.
class FloatPanelsTest {
  private static final int ROWS = FloatPanels.ROWS;

  @ParameterizedTest
  @CsvSource({"1,128", "2,256", "4,384", "8,1024"})
  void allWaysMultiplyTheSameWeights(int inputs, int columns) {
    assumeTrue(InstructionSet.best() == InstructionSet.AVX512_VNNI, "no AVX-512 VNNI here");
    Random random = new Random(columns);
    byte[] codes = new byte[ROWS * columns];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) random.nextInt(16);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment panel = arena.allocate(FloatPanels.panelBytes(columns), 64);
      FloatPanels.pack(codes, columns, panel, 0);
      MemorySegment scales = floats(arena, columns / FloatPanels.GROUP * ROWS);
      for (long i = 0; i < scales.byteSize() / 4; i++) {
        scales.setAtIndex(ValueLayout.JAVA_FLOAT, i, 0.5f + random.nextFloat());
      }
      MemorySegment x = floats(arena, columns * inputs);
      for (long i = 0; i < x.byteSize() / 4; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      }
      FloatPanels kernel = new FloatPanels(inputs);
      MemorySegment fused = floats(arena, inputs * ROWS);
      kernel.fused(panel.address(), scales.address(), x.address(), fused.address(), columns);
      MemorySegment weights = floats(arena, columns * ROWS);
      kernel.decode(panel.address(), scales.address(), weights.address(), columns);
      MemorySegment dense = floats(arena, inputs * ROWS);
      kernel.dense(weights.address(), x.address(), dense.address(), columns);
      for (int row = 0; row < ROWS; row++) {
        for (int t = 0; t < inputs; t++) {
          double sum = 0;
          double magnitude = 0;
          for (int j = 0; j < columns; j++) {
            float scale = get(scales, j / FloatPanels.GROUP * ROWS + row);
            float weight = (codes[row * columns + j] - 8) * scale;
            assertThat(get(weights, j * ROWS + row)).isEqualTo(weight);
            double term = (double) weight * get(x, j * inputs + t);
            sum += term;
            magnitude += Math.abs(term);
          }
          assertThat((double) get(fused, t * ROWS + row)).isCloseTo(sum, within(1e-5 * magnitude));
          assertThat((double) get(dense, t * ROWS + row)).isCloseTo(sum, within(1e-5 * magnitude));
        }
      }
    }
  }

  private static MemorySegment floats(Arena arena, int count) {
    return arena.allocate(4L * count, 64);
  }

  private static float get(MemorySegment floats, long index) {
    return floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }
}
