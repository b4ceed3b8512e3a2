package halftone.numeric;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A format that stores every weight as a floating-point number of its own: F32, F16, BF16.
abstract class FloatingFormat implements WeightFormat {
  private final String id;
  private final BlockLayout layout;

  FloatingFormat(String id, int bytes) {
    this.id = id;
    this.layout = new BlockLayout(1, bytes);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final BlockLayout layout() {
    return layout;
  }

  @Override
  public final String toString() {
    return id;
  }

  /// The stored number nearest to `v`, half to even.
  abstract float rounded(float v);

  abstract void put(MemorySegment out, long at, float v);

  @Override
  public final FittedRows fit(
      float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    Inputs.check(this, weights, at, rows, columns, importance);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = rounded(weights[at + i]);
      if (Float.isInfinite(values[i])) {
        throw new IllegalArgumentException(
            "weight %d of row %d, %s, is beyond %s".formatted(i % columns, i / columns, weights[at + i], id));
      }
    }
    return new FloatingRows(this, values, rows, columns);
  }
}
