package halftone.kernel;

import static java.nio.ByteOrder.nativeOrder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The innermost product: a strip of [#STRIP] lanes times a panel of [#PANEL] rows, both already
/// packed step by step.
///
/// Strip: at step k the `STRIP` lane values stand together (native memory, 64-byte aligned, so that
/// no load straddles a cache line). Panel: at step k the `PANEL` row values stand together. Sums:
/// `sums[row * STRIP + lane]`. A step is 2 vector loads, 8 broadcasts and 16 fused multiply-adds;
/// CPUs of 256-bit vectors have 16 registers instead of 32, so there the panel is done in two
/// halves of 8 sums each.
final class MicroKernel {
  static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  static final int L = LANES.length();

  /// Lanes of a strip.
  static final int STRIP = 2 * L;

  /// Rows of a panel, on every CPU.
  static final int PANEL = 8;

  /// Sums of a strip and a panel.
  static final int SUMS = STRIP * PANEL;

  /// Bytes of a strip's step.
  static final long STEP = STRIP * (long) Float.BYTES;

  private static final long HALF_STEP = L * (long) Float.BYTES;
  private static final boolean FEW_REGISTERS = LANES.vectorBitSize() == 256;

  private MicroKernel() {}

  /// Room for `steps` steps of a strip.
  static MemorySegment strip(Arena arena, long steps) {
    return arena.allocate(Math.max(STEP, steps * STEP), 64);
  }

  /// Adds the products of `depth` steps to the sums, [ScalarKernels#CHUNK] steps at a time. The
  /// sums begin at `to`.
  static void multiply(
      MemorySegment strip, long from, float[] panel, int at, int depth, float[] sums, int to) {
    for (int k = 0; k < depth; k += ScalarKernels.CHUNK) {
      int steps = Math.min(ScalarKernels.CHUNK, depth - k);
      chunk(strip, from + k * STEP, panel, at + k * PANEL, steps, sums, to);
    }
  }

  /// Adds the products of `steps` steps, summed from zero, to the sums. The two methods behind it
  /// are written out because the compiler inlines no method but the JDK's own into a body of this
  /// size, and then every vector is boxed.
  static void chunk(
      MemorySegment strip, long from, float[] panel, int at, int steps, float[] sums, int to) {
    if (FEW_REGISTERS) {
      fourRows(strip, from, panel, at, steps, sums, to);
      fourRows(strip, from, panel, at + 4, steps, sums, to + 4 * STRIP);
    } else {
      eightRows(strip, from, panel, at, steps, sums, to);
    }
  }

  private static void eightRows(
      MemorySegment strip, long from, float[] panel, int at, int steps, float[] sums, int to) {
    FloatVector a0 = FloatVector.zero(LANES);
    FloatVector b0 = FloatVector.zero(LANES);
    FloatVector a1 = FloatVector.zero(LANES);
    FloatVector b1 = FloatVector.zero(LANES);
    FloatVector a2 = FloatVector.zero(LANES);
    FloatVector b2 = FloatVector.zero(LANES);
    FloatVector a3 = FloatVector.zero(LANES);
    FloatVector b3 = FloatVector.zero(LANES);
    FloatVector a4 = FloatVector.zero(LANES);
    FloatVector b4 = FloatVector.zero(LANES);
    FloatVector a5 = FloatVector.zero(LANES);
    FloatVector b5 = FloatVector.zero(LANES);
    FloatVector a6 = FloatVector.zero(LANES);
    FloatVector b6 = FloatVector.zero(LANES);
    FloatVector a7 = FloatVector.zero(LANES);
    FloatVector b7 = FloatVector.zero(LANES);
    for (int k = 0; k < steps; k++) {
      FloatVector a = FloatVector.fromMemorySegment(LANES, strip, from + k * STEP, nativeOrder());
      FloatVector b =
          FloatVector.fromMemorySegment(LANES, strip, from + k * STEP + HALF_STEP, nativeOrder());
      int row = at + k * PANEL;
      FloatVector x0 = FloatVector.broadcast(LANES, panel[row]);
      a0 = a.fma(x0, a0);
      b0 = b.fma(x0, b0);
      FloatVector x1 = FloatVector.broadcast(LANES, panel[row + 1]);
      a1 = a.fma(x1, a1);
      b1 = b.fma(x1, b1);
      FloatVector x2 = FloatVector.broadcast(LANES, panel[row + 2]);
      a2 = a.fma(x2, a2);
      b2 = b.fma(x2, b2);
      FloatVector x3 = FloatVector.broadcast(LANES, panel[row + 3]);
      a3 = a.fma(x3, a3);
      b3 = b.fma(x3, b3);
      FloatVector x4 = FloatVector.broadcast(LANES, panel[row + 4]);
      a4 = a.fma(x4, a4);
      b4 = b.fma(x4, b4);
      FloatVector x5 = FloatVector.broadcast(LANES, panel[row + 5]);
      a5 = a.fma(x5, a5);
      b5 = b.fma(x5, b5);
      FloatVector x6 = FloatVector.broadcast(LANES, panel[row + 6]);
      a6 = a.fma(x6, a6);
      b6 = b.fma(x6, b6);
      FloatVector x7 = FloatVector.broadcast(LANES, panel[row + 7]);
      a7 = a.fma(x7, a7);
      b7 = b.fma(x7, b7);
    }
    int c0 = to;
    int c1 = c0 + STRIP;
    int c2 = c1 + STRIP;
    int c3 = c2 + STRIP;
    int c4 = c3 + STRIP;
    int c5 = c4 + STRIP;
    int c6 = c5 + STRIP;
    int c7 = c6 + STRIP;
    a0.add(FloatVector.fromArray(LANES, sums, c0)).intoArray(sums, c0);
    b0.add(FloatVector.fromArray(LANES, sums, c0 + L)).intoArray(sums, c0 + L);
    a1.add(FloatVector.fromArray(LANES, sums, c1)).intoArray(sums, c1);
    b1.add(FloatVector.fromArray(LANES, sums, c1 + L)).intoArray(sums, c1 + L);
    a2.add(FloatVector.fromArray(LANES, sums, c2)).intoArray(sums, c2);
    b2.add(FloatVector.fromArray(LANES, sums, c2 + L)).intoArray(sums, c2 + L);
    a3.add(FloatVector.fromArray(LANES, sums, c3)).intoArray(sums, c3);
    b3.add(FloatVector.fromArray(LANES, sums, c3 + L)).intoArray(sums, c3 + L);
    a4.add(FloatVector.fromArray(LANES, sums, c4)).intoArray(sums, c4);
    b4.add(FloatVector.fromArray(LANES, sums, c4 + L)).intoArray(sums, c4 + L);
    a5.add(FloatVector.fromArray(LANES, sums, c5)).intoArray(sums, c5);
    b5.add(FloatVector.fromArray(LANES, sums, c5 + L)).intoArray(sums, c5 + L);
    a6.add(FloatVector.fromArray(LANES, sums, c6)).intoArray(sums, c6);
    b6.add(FloatVector.fromArray(LANES, sums, c6 + L)).intoArray(sums, c6 + L);
    a7.add(FloatVector.fromArray(LANES, sums, c7)).intoArray(sums, c7);
    b7.add(FloatVector.fromArray(LANES, sums, c7 + L)).intoArray(sums, c7 + L);
  }

  private static void fourRows(
      MemorySegment strip, long from, float[] panel, int at, int steps, float[] sums, int to) {
    FloatVector a0 = FloatVector.zero(LANES);
    FloatVector b0 = FloatVector.zero(LANES);
    FloatVector a1 = FloatVector.zero(LANES);
    FloatVector b1 = FloatVector.zero(LANES);
    FloatVector a2 = FloatVector.zero(LANES);
    FloatVector b2 = FloatVector.zero(LANES);
    FloatVector a3 = FloatVector.zero(LANES);
    FloatVector b3 = FloatVector.zero(LANES);
    for (int k = 0; k < steps; k++) {
      FloatVector a = FloatVector.fromMemorySegment(LANES, strip, from + k * STEP, nativeOrder());
      FloatVector b =
          FloatVector.fromMemorySegment(LANES, strip, from + k * STEP + HALF_STEP, nativeOrder());
      int row = at + k * PANEL;
      FloatVector x0 = FloatVector.broadcast(LANES, panel[row]);
      a0 = a.fma(x0, a0);
      b0 = b.fma(x0, b0);
      FloatVector x1 = FloatVector.broadcast(LANES, panel[row + 1]);
      a1 = a.fma(x1, a1);
      b1 = b.fma(x1, b1);
      FloatVector x2 = FloatVector.broadcast(LANES, panel[row + 2]);
      a2 = a.fma(x2, a2);
      b2 = b.fma(x2, b2);
      FloatVector x3 = FloatVector.broadcast(LANES, panel[row + 3]);
      a3 = a.fma(x3, a3);
      b3 = b.fma(x3, b3);
    }
    int c0 = to;
    int c1 = c0 + STRIP;
    int c2 = c1 + STRIP;
    int c3 = c2 + STRIP;
    a0.add(FloatVector.fromArray(LANES, sums, c0)).intoArray(sums, c0);
    b0.add(FloatVector.fromArray(LANES, sums, c0 + L)).intoArray(sums, c0 + L);
    a1.add(FloatVector.fromArray(LANES, sums, c1)).intoArray(sums, c1);
    b1.add(FloatVector.fromArray(LANES, sums, c1 + L)).intoArray(sums, c1 + L);
    a2.add(FloatVector.fromArray(LANES, sums, c2)).intoArray(sums, c2);
    b2.add(FloatVector.fromArray(LANES, sums, c2 + L)).intoArray(sums, c2 + L);
    a3.add(FloatVector.fromArray(LANES, sums, c3)).intoArray(sums, c3);
    b3.add(FloatVector.fromArray(LANES, sums, c3 + L)).intoArray(sums, c3 + L);
  }
}
