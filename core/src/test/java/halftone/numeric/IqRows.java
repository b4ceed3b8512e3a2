package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/// Rows to encode in the tests of the grid types.
final class IqRows {
  private IqRows() {}

  static byte[] encode(WeightFormat format, float[] x, int rows, int columns, float[] importance) {
    byte[] out = new byte[(int) format.layout().bytesOf((long) rows * columns)];
    format.fit(x, 0, rows, columns, importance).pack(MemorySegment.ofArray(out), 0);
    return out;
  }

  static float[] decode(NumberFormat format, byte[] bytes) {
    float[] out = new float[bytes.length / format.layout().bytes() * format.layout().weights()];
    format.decode(MemorySegment.ofArray(bytes), 0, out, 0, out.length);
    return out;
  }

  static float[] gaussian(int count, double deviation, long seed) {
    Random random = new Random(seed);
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) (deviation * random.nextGaussian());
    }
    return x;
  }

  /// Cubes of normal numbers: many small ones and outliers.
  static float[] heavyTailed(int count, long seed) {
    float[] x = gaussian(count, 0.3, seed);
    for (int i = 0; i < count; i++) {
      x[i] = x[i] * x[i] * x[i];
    }
    return x;
  }

  /// Positive, its logarithm normal with deviation `spread`.
  static float[] importance(int count, double spread, long seed) {
    float[] x = gaussian(count, spread, seed);
    for (int i = 0; i < count; i++) {
      x[i] = (float) Math.exp(x[i]);
    }
    return x;
  }
}
