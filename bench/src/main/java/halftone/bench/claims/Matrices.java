package halftone.bench.claims;

import halftone.kernel.integer.PanelProducts;
import halftone.kernel.integer.PanelWeight;
import halftone.kernel.integer.QuantizedRows;
import halftone.numeric.NumberFormats;
import halftone.numeric.WeightFormat;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/// Weights and inputs to multiply: normally distributed, the same every time.
final class Matrices {
  private static final int AT_ONCE = 64;

  private Matrices() {}

  static float[] inputs(int rows, int columns) {
    SplittableRandom random = new SplittableRandom(rows);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static Tensor weight(String format, int rows, int columns, Arena arena, Workers workers) {
    WeightFormat stored = (WeightFormat) NumberFormats.named(format);
    Shape shape = Shape.of(columns, rows);
    MemorySegment bytes = arena.allocate(Tensor.bytesOf(shape, stored), 64);
    long rowBytes = bytes.byteSize() / rows;
    workers.forEach(
        Math.ceilDiv(rows, AT_ONCE),
        piece -> {
          int first = piece * AT_ONCE;
          int count = Math.min(AT_ONCE, rows - first);
          SplittableRandom random = new SplittableRandom(first);
          float[] values = new float[count * columns];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
          }
          stored.fit(values, 0, count, columns, null).pack(bytes, first * rowBytes);
        });
    return new Tensor("weight", shape, stored, bytes);
  }

  /// Rounds the inputs and multiplies in integers.
  static void multiply(
      float[] x, int rows, PanelWeight weight, int columns, float[] out, Workers workers) {
    QuantizedRows rounded = QuantizedRows.of(x, rows, columns, workers);
    PanelProducts.multiply(rounded, weight, out, workers);
  }
}
