package halftone.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.RowRange;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatEncoderTest {
  private static final int COLUMNS = 512;
  private static final int FIRST = 5;
  private static final int ROWS = 90;

  /// Some rows of a tensor in binary16, read as they are where the format does so, have the bytes
  /// of settled codes; so do those with a row of zeros among them.
  @ParameterizedTest
  @CsvSource({
    "Q4_0, false",
    "Q5_0, false",
    "Q8_0, false",
    "Q6_K, false",
    "Q4_K, false",
    "Q8_0, true",
    "Q6_K, true"
  })
  void rowsInHalves(String id, boolean hasZeros) {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    Random random = new Random(3);
    short[] halves = new short[100 * COLUMNS];
    for (int i = 0; i < halves.length; i++) {
      boolean isZero = hasZeros && i / COLUMNS == 47;
      halves[i] = isZero ? 0 : Float.floatToFloat16((float) random.nextGaussian() / 50);
    }
    Tensor tensor =
        new Tensor("weight", Shape.of(COLUMNS, 100), NumberFormats.named("F16"), bytes(halves));
    RowRange some = new RowRange(tensor, FIRST, ROWS);
    float[] values = new float[ROWS * COLUMNS];
    some.rows(0, ROWS, values, 0);
    byte[] expected = new byte[Math.toIntExact(ROWS * format.layout().bytesOf(COLUMNS))];
    format.fit(values, 0, ROWS, COLUMNS, null).pack(MemorySegment.ofArray(expected), 0);
    try (Workers workers = new LocalWorkers(2)) {
      Tensor encoded =
          new FormatEncoder().quantize("weight", some, format, LayerInputs.of(null), workers);
      assertThat(encoded.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    }
  }

  /// Formats that are not read from binary16 give the same bytes by way of floats.
  @ParameterizedTest
  @CsvSource({"Q8_0", "Q4_K", "F32"})
  void everyFormatTakesHalves(String id) {
    WeightFormat format = (WeightFormat) NumberFormats.named(id);
    short[] halves = new short[2 * COLUMNS];
    float[] values = new float[halves.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToFloat16(i % 37 - 11.5f);
      values[i] = Float.float16ToFloat(halves[i]);
    }
    byte[] expected = new byte[Math.toIntExact(2 * format.layout().bytesOf(COLUMNS))];
    format.fit(values, 0, 2, COLUMNS, null).pack(MemorySegment.ofArray(expected), 0);
    byte[] encoded = new byte[expected.length];
    format.encodeHalves(halves, 2, COLUMNS, MemorySegment.ofArray(encoded), 0);
    assertThat(encoded).isEqualTo(expected);
  }

  private static MemorySegment bytes(short[] halves) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[halves.length * Short.BYTES]);
    for (int i = 0; i < halves.length; i++) {
      bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, (long) i * Short.BYTES, halves[i]);
    }
    return bytes;
  }
}
