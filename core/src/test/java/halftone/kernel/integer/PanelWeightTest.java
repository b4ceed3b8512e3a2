package halftone.kernel.integer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import halftone.kernel.Floats;
import halftone.machine.InstructionSet;
import halftone.numeric.Int8Runs;
import halftone.numeric.NumberFormat;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Products in integers beside the products of decoded weights with rounded inputs.
class PanelWeightTest {
  private static final Workers WORKERS = new LocalWorkers(2);

  @AfterAll
  static void close() {
    WORKERS.close();
  }

  /// Every format of GGML's that weights are written in, but the floats.
  static Stream<Arguments> everyFormat() {
    return NumberFormats.ALL.stream()
        .filter(format -> format instanceof WeightFormat && PanelWeight.isFor(format))
        .flatMap(
            format -> {
              int block = Math.max(32, format.layout().weights());
              return Stream.of(
                  Arguments.of(format.id(), 33, 3 * block, 1),
                  Arguments.of(format.id(), 16, 2 * block, 5),
                  Arguments.of(format.id(), 50, block, 17));
            });
  }

  @Test
  void allButFloatsAreInPanels() {
    assertThat(NumberFormats.ALL)
        .filteredOn(format -> format instanceof WeightFormat && !PanelWeight.isFor(format))
        .extracting(NumberFormat::id)
        .containsExactlyInAnyOrder("F32", "F16", "BF16");
  }

  @ParameterizedTest
  @MethodSource("everyFormat")
  @CsvSource({
    "Q8_0,1,32,1", "Q8_0,16,64,2", "Q8_0,17,96,3", "Q8_0,33,576,8", "Q8_0,48,1536,9",
    "Q4_0,1,32,1", "Q4_0,15,64,4", "Q4_0,31,96,5", "Q4_0,32,576,16", "Q4_0,80,1536,23",
    "Q4_K,1,256,1", "Q4_K,16,512,6", "Q4_K,47,768,7", "Q4_K,64,1536,8", "Q4_K,33,256,17",
    "Q6_K,1,256,1", "Q6_K,16,512,6", "Q6_K,47,768,7", "Q6_K,64,1536,8", "Q6_K,33,256,17",
  })
  void isWhatFloatsGive(String id, int rows, int columns, int inputs) {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    Random random = new Random(rows * 31L + columns);
    float[] values = gaussian(random, rows * columns);
    MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytesOf((long) rows * columns));
    float[] importance = new float[columns];
    Arrays.fill(importance, 1);
    format.fit(values, 0, rows, columns, importance).pack(bytes, 0);
    Tensor weight = new Tensor("w", Shape.of(columns, rows), format, bytes);
    float[] x = gaussian(random, inputs * columns);
    float[] out = new float[inputs * rows];
    try (Arena arena = Arena.ofShared()) {
      PanelWeight packed = PanelWeight.of(weight, arena, WORKERS);
      QuantizedRows quantized = QuantizedRows.of(x, inputs, columns, WORKERS);
      plainly(format, packed, quantized, rows, out);
      for (InstructionSet set : InstructionSet.usable()) {
        float[] emitted = new float[inputs * rows];
        multiply(packed, quantized, emitted, set);
        assertThat(emitted).as(set.id()).isEqualTo(out);
      }
    }
    float[] decoded = new float[rows * columns];
    weight.rows(0, rows, decoded, 0);
    round(x);
    for (int t = 0; t < inputs; t++) {
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        double magnitude = 0;
        for (int j = 0; j < columns; j++) {
          double term = (double) decoded[r * columns + j] * x[t * columns + j];
          sum += term;
          magnitude += Math.abs(term);
        }
        assertThat((double) out[t * rows + r])
            .as("%s, row %d of %d, input %d", id, r, rows, t)
            .isCloseTo(sum, within(2e-6 * magnitude));
      }
    }
  }

  /// Rows whose memory is used again, with a weight and an array that were there before.
  @Test
  void nextRowsAreNotTheLastOnes() {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
    int rows = 40;
    int columns = 96;
    Random random = new Random(5);
    MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytesOf((long) rows * columns));
    format.fit(gaussian(random, rows * columns), 0, rows, columns, null).pack(bytes, 0);
    Tensor weight = new Tensor("w", Shape.of(columns, rows), format, bytes);
    try (Arena arena = Arena.ofShared()) {
      PanelWeight packed = PanelWeight.of(weight, arena, WORKERS);
      List<InstructionSet> sets = new ArrayList<>(InstructionSet.usable());
      sets.add(InstructionSet.NONE);
      for (InstructionSet set : sets) {
        PanelProducts products = new PanelProducts(set);
        QuantizedRows again = QuantizedRows.of(gaussian(random, columns), 1, columns, WORKERS);
        float[] out = new float[rows];
        for (int round = 0; round < 3; round++) {
          float[] values = gaussian(random, columns);
          again.fill(new Floats(values), WORKERS);
          products.add(again, packed, out);
          products.run(WORKERS);
          float[] expected = new float[rows];
          multiply(packed, QuantizedRows.of(values, 1, columns, WORKERS), expected, set);
          assertThat(out).as(set.id()).isEqualTo(expected);
        }
      }
    }
  }

  /// Those of a prompt may be a tenth of the heap.
  @Test
  void resultsOfManyRowsAreNotHeldBackFromTheCollector() {
    WeightFormat format = (WeightFormat) NumberFormats.named("Q8_0");
    MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytesOf(16 * 32));
    Tensor weight = new Tensor("w", Shape.of(32, 16), format, bytes);
    try (Arena arena = Arena.ofShared()) {
      PanelWeight packed = PanelWeight.of(weight, arena, WORKERS);
      PanelProducts products = new PanelProducts();
      WeakReference<float[]> results = multiplyMany(products, packed);
      for (int attempt = 0; attempt < 100 && results.get() != null; attempt++) {
        System.gc();
      }
      assertThat(results.get()).isNull();
      multiplyMany(products, packed);
    }
  }

  private static WeakReference<float[]> multiplyMany(PanelProducts products, PanelWeight weight) {
    int inputs = QuantizedRows.TILE + 1;
    float[] out = new float[inputs * 16];
    products.add(QuantizedRows.of(new float[inputs * 32], inputs, 32, WORKERS), weight, out);
    products.run(WORKERS);
    return new WeakReference<>(out);
  }

  /// The largest codes with the largest inputs, of every sign: nothing is cut off or goes round.
  @ParameterizedTest
  @MethodSource("formats")
  void largestProductsAreExact(String id) {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    int rows = PanelFormat.ROWS;
    int columns = 2 * Math.max(32, format.layout().weights());
    float[] values = signs(rows, columns);
    MemorySegment bytes = Arena.ofAuto().allocate(format.layout().bytesOf((long) rows * columns));
    float[] importance = new float[columns];
    Arrays.fill(importance, 1);
    format.fit(values, 0, rows, columns, importance).pack(bytes, 0);
    Tensor weight = new Tensor("w", Shape.of(columns, rows), format, bytes);
    try (Arena arena = Arena.ofShared()) {
      PanelWeight packed = PanelWeight.of(weight, arena, WORKERS);
      QuantizedRows x = QuantizedRows.of(signs(rows, columns), rows, columns, WORKERS);
      float[] out = new float[rows * rows];
      plainly(format, packed, x, rows, out);
      for (InstructionSet set : InstructionSet.usable()) {
        float[] emitted = new float[rows * rows];
        multiply(packed, x, emitted, set);
        assertThat(emitted).as(set.id()).isEqualTo(out);
      }
    }
  }

  /// Panel by panel in plain loops.
  private static void plainly(
      NumberFormat format, PanelWeight weight, QuantizedRows x, int rows, float[] out) {
    PanelFormat panels = PanelFormat.of(format);
    PlainProduct product = new PlainProduct(panels, weight.memory(), x.columns());
    for (int panel = 0; panel < Math.ceilDiv(rows, PanelFormat.ROWS); panel++) {
      int present = Math.min(PanelFormat.ROWS, rows - panel * PanelFormat.ROWS);
      for (int tile = 0; tile < x.tiles(); tile++) {
        float[] results = product.multiply(panel * panels.panelBytes(x.columns()), x, tile);
        for (int t = 0; t < x.tileRows(tile); t++) {
          int to = (tile * QuantizedRows.TILE + t) * rows + panel * PanelFormat.ROWS;
          System.arraycopy(results, t * PanelFormat.ROWS, out, to, present);
        }
      }
    }
  }

  static Stream<String> formats() {
    return everyFormat().map(arguments -> (String) arguments.get()[0]).distinct();
  }

  /// Ones of the same sign, of signs that change with every column, every second, and so on.
  private static float[] signs(int rows, int columns) {
    float[] values = new float[rows * columns];
    Random random = new Random(5);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < columns; j++) {
        boolean isNegative =
            row < 7 ? (j >> row & 1) == 1 : row == 8 || row > 8 && random.nextBoolean();
        values[row * columns + j] = isNegative ? -1 : 1;
      }
    }
    return values;
  }

  private static void multiply(
      PanelWeight weight, QuantizedRows x, float[] out, InstructionSet instructions) {
    PanelProducts products = new PanelProducts(instructions);
    products.add(x, weight, out);
    products.run(WORKERS);
  }

  private static void round(float[] x) {
    int[] codes = new int[Int8Runs.RUN];
    for (int from = 0; from < x.length; from += Int8Runs.RUN) {
      float scale = Int8Runs.quantize(x, from, codes);
      for (int i = 0; i < Int8Runs.RUN; i++) {
        x[from + i] = codes[i] * scale;
      }
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
