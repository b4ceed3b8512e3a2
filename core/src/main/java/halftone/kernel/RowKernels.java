package halftone.kernel;

import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// What a network does to a row besides products, on ranges of row-major arrays.
public final class RowKernels {
  private RowKernels() {}

  /// out = x / √(mean(x²) + epsilon) · gain (Zhang and Sennrich 2019); squares are summed in
  /// float64.
  public static void rmsNorm(
      float[] x, int at, int width, float[] gain, float epsilon, float[] out) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < width; i += 2) {
      even += (double) x[at + i] * x[at + i];
      odd += (double) x[at + i + 1] * x[at + i + 1];
    }
    if (i < width) {
      even += (double) x[at + i] * x[at + i];
    }
    float factor = (float) (1 / Math.sqrt((even + odd) / width + epsilon));
    for (int j = 0; j < width; j++) {
      out[at + j] = x[at + j] * factor * gain[j];
    }
  }

  /// out = gate / (1 + e^−gate) · up (Shazeer 2020).
  public static void swiGlu(float[] gate, float[] up, int at, int count, float[] out) {
    int end = at + count;
    int i = at;
    for (; i < LANES.loopBound(count) + at; i += LANES.length()) {
      FloatVector g = FloatVector.fromArray(LANES, gate, i);
      FloatVector u = FloatVector.fromArray(LANES, up, i);
      silu(g).mul(u).intoArray(out, i);
    }
    if (i < end) {
      VectorMask<Float> rest = LANES.indexInRange(i, end);
      FloatVector g = FloatVector.fromArray(LANES, gate, i, rest);
      silu(g).mul(FloatVector.fromArray(LANES, up, i, rest)).intoArray(out, i, rest);
    }
  }

  private static FloatVector silu(FloatVector x) {
    return x.div(Exponential.of(x.neg()).add(1f));
  }

  /// out = a + b.
  public static void add(float[] a, float[] b, int at, int count, float[] out) {
    for (int i = at; i < at + count; i++) {
      out[i] = a[i] + b[i];
    }
  }

  /// row += b, the row beginning at `at`.
  public static void addRow(float[] row, int at, float[] b) {
    for (int i = 0; i < b.length; i++) {
      row[at + i] += b[i];
    }
  }
}
