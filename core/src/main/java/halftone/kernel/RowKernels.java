package halftone.kernel;

import static halftone.kernel.MicroKernel.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// What a network does to a row besides products, on ranges of row-major arrays.
public final class RowKernels {
  private static final float SQRT_2_OVER_PI = 0.79788456080286535587989211986876f;

  private RowKernels() {}

  /// out = x / √(mean(x²) + epsilon) · gain (Zhang and Sennrich 2019), over the `gain.length`
  /// values from `at`; squares are summed in float64 ([SquareSum]).
  public static void rmsNorm(Floats values, int at, float[] gain, float epsilon, float[] out) {
    float[] x = values.array();
    int width = gain.length;
    float factor = (float) (1 / Math.sqrt(SquareSum.of(values, at, width) / width + epsilon));
    for (int i = 0; i < width; i++) {
      out[at + i] = x[at + i] * factor * gain[i];
    }
  }

  /// out = factor · x.
  public static void scale(float[] x, int at, int count, float factor, float[] out) {
    for (int i = at; i < at + count; i++) {
      out[i] = x[i] * factor;
    }
  }

  /// out = cap · tanh(x / cap).
  public static void softCap(float[] x, int at, int count, float cap, float[] out) {
    int end = at + count;
    int i = at;
    for (; i < LANES.loopBound(count) + at; i += LANES.length()) {
      capped(FloatVector.fromArray(LANES, x, i), cap).intoArray(out, i);
    }
    if (i < end) {
      VectorMask<Float> rest = LANES.indexInRange(i, end);
      capped(FloatVector.fromArray(LANES, x, i, rest), cap).intoArray(out, i, rest);
    }
  }

  /// tanh(z) = 1 − 2 / (e^2z + 1).
  static FloatVector capped(FloatVector x, float cap) {
    FloatVector power = Exponential.of(x.mul(2 / cap));
    FloatVector two = FloatVector.broadcast(LANES, 2f);
    return FloatVector.broadcast(LANES, 1f).sub(two.div(power.add(1f))).mul(cap);
  }

  /// out = ½ gate (1 + tanh(√(2/π) (gate + 0.044715 gate³))) · up (Hendrycks and Gimpel 2016, in
  /// its tanh form).
  ///
  /// @param rounding done to the gate before and to the activation after: llama.cpp looks both up
  ///   in 16 bits
  public static void geGlu(
      float[] gate, float[] up, int at, int count, RowRounding rounding, float[] out) {
    for (int i = at; i < at + count; i++) {
      out[i] = gate[i];
    }
    rounding.round(out, at, count);
    for (int i = at; i < at + count; i++) {
      out[i] = gelu(out[i]);
    }
    rounding.round(out, at, count);
    for (int i = at; i < at + count; i++) {
      out[i] *= up[i];
    }
  }

  /// ½ (1 + tanh u) = 1 / (1 + e^−2u).
  private static float gelu(float x) {
    float u = SQRT_2_OVER_PI * x * (1 + 0.044715f * x * x);
    return x / (1 + Exponential.of(-2 * u));
  }

  /// out = gate / (1 + e^−gate) · up (Shazeer 2020).
  public static void swiGlu(Floats gates, Floats ups, int at, int count, Floats outs) {
    float[] gate = gates.array();
    float[] up = ups.array();
    float[] out = outs.array();
    int end = at + count;
    int i = at;
    if (RowCode.IS_PRESENT && count >= RowCode.GATES) {
      int whole = count / RowCode.GATES * RowCode.GATES;
      RowCode.gates(gates, ups, at, whole, outs);
      i += whole;
    }
    for (; i <= end - LANES.length(); i += LANES.length()) {
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

  /// Turns the scores z of `count` keys of one query into e^(factor · (z − highest)): what
  /// [Attention] does to a lane, bit for bit.
  public static void powers(Floats of, int at, int count, float factor) {
    float[] scores = of.array();
    int end = at + count;
    int i = at;
    float shift;
    if (RowCode.IS_PRESENT && count >= RowEmitter.LANES) {
      i += count / RowEmitter.LANES * RowEmitter.LANES;
      float floor = i == end ? Float.NEGATIVE_INFINITY : highest(scores, i, end);
      shift = RowCode.powers(of, at, i - at, factor, floor);
    } else {
      shift = highest(scores, at, end) * -factor;
    }
    for (; i <= end - LANES.length(); i += LANES.length()) {
      FloatVector z = FloatVector.fromArray(LANES, scores, i);
      FloatVector power =
          z.fma(FloatVector.broadcast(LANES, factor), FloatVector.broadcast(LANES, shift));
      Exponential.of(power).intoArray(scores, i);
    }
    for (; i < end; i++) {
      scores[i] = Exponential.of(Math.fma(scores[i], factor, shift));
    }
  }

  private static float highest(float[] values, int from, int to) {
    FloatVector most = FloatVector.broadcast(LANES, Float.NEGATIVE_INFINITY);
    int i = from;
    for (; i <= to - LANES.length(); i += LANES.length()) {
      most = most.max(FloatVector.fromArray(LANES, values, i));
    }
    float highest = most.reduceLanes(VectorOperators.MAX);
    for (; i < to; i++) {
      highest = Math.max(highest, values[i]);
    }
    return highest;
  }
}
