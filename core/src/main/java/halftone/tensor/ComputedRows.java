package halftone.tensor;

import halftone.numeric.NumberFormats;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Rows of a weight in float32, computed when asked for: nothing is kept. Whoever asks the [Tensor]
/// for values gets the weight's own; bytes are made for files alone. (As [EncodedRows], for the one
/// format in which nothing is encoded.)
public record ComputedRows(Weight weight) implements RowBytes {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// A tensor in F32 whose rows are computed when asked for.
  public static Tensor tensor(String name, Weight weight) {
    return new Tensor(name, weight.shape(), NumberFormats.named("F32"), new ComputedRows(weight));
  }

  @Override
  public MemorySegment rows(long from, int count) {
    float[] values = new float[Math.multiplyExact(count, weight.shape().columns())];
    weight.rows(from, count, values, 0);
    MemorySegment out = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
    MemorySegment.copy(values, 0, out, FLOAT, 0, values.length);
    return out;
  }
}
