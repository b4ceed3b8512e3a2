package halftone.kernel;

import static halftone.kernel.MicroKernel.L;
import static halftone.kernel.MicroKernel.LANES;
import static halftone.kernel.MicroKernel.PANEL;
import static halftone.kernel.MicroKernel.STRIP;
import static halftone.kernel.MicroKernel.SUMS;
import static java.nio.ByteOrder.nativeOrder;

import halftone.machine.InstructionSet;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;

/// A weight packed once for products with few rows at a time, as decoding a text token by token
/// makes them: reading it is then all the work there is. Results are bit for bit those of
/// [VectorKernels#multiply(Panels, halftone.tensor.Weight, float[], Workers)].
///
/// Rows stand side by side in strips, step by step, as in [MicroKernel]. F16 and BF16 weights keep
/// their 16 bits, all others are decoded to float32: 2 or 4 bytes a weight.
public final class PackedWeight {
  /// Pieces of work for each worker, so that one that is late can be helped.
  private static final int PIECES = 4;

  /// Bytes that go through machine code in a call: the garbage collector waits for its end.
  private static final long CALL = 4L << 20;

  /// Keeps rows of 2ⁿ values from falling into the same sets of the cache while they are
  /// transposed.
  private static final int PADDING = 32;

  /// Steps of a strip that are widened at once.
  private static final int WIDENED = 64;

  /// The exponent of an infinite or NaN binary16.
  private static final int INFINITE = 0x7C00;

  private static final ValueLayout.OfShort SHORTS =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final PackedElement element;
  private final int rows;
  private final int columns;
  private final MemorySegment memory;
  private final InstructionSet set;
  private boolean isMultiplied;

  private PackedWeight(
      PackedElement element, int rows, int columns, MemorySegment memory, InstructionSet set) {
    this.element = element;
    this.rows = rows;
    this.columns = columns;
    this.memory = memory;
    this.set = set;
  }

  /// Packs a weight into memory of `allocator`, which must be for all of the workers' threads.
  ///
  /// @throws IllegalArgumentException when an F16 weight is infinite or NaN
  public static PackedWeight of(Tensor weight, SegmentAllocator allocator, Workers workers) {
    return of(weight, allocator, InstructionSet.chosen(), workers);
  }

  static PackedWeight of(
      Tensor weight, SegmentAllocator allocator, InstructionSet set, Workers workers) {
    PackedElement element = PackedElement.of(weight);
    int rows = Math.toIntExact(weight.shape().rows());
    int columns = weight.shape().columns();
    MemorySegment memory = allocator.allocate(Math.max(64, bytesOf(weight)), 64);
    PackedWeight packed = new PackedWeight(element, rows, columns, memory, set);
    workers.forEach(packed.strips(), strip -> packed.pack(weight, strip));
    return packed;
  }

  /// Bytes that a weight takes when packed.
  public static long bytesOf(Tensor weight) {
    long strips = Math.ceilDiv(weight.shape().rows(), STRIP);
    return strips * STRIP * weight.shape().columns() * PackedElement.of(weight).bytes();
  }

  private void pack(Tensor weight, int strip) {
    int first = strip * STRIP;
    int count = Math.min(STRIP, rows - first);
    if (element == PackedElement.FLOAT) {
      packFloats(weight, first, count, at(strip));
    } else {
      packShorts(weight, first, count, at(strip));
    }
  }

  private void packFloats(Tensor weight, int first, int count, long at) {
    int stride = columns + PADDING;
    float[] source = new float[count * stride];
    for (int r = 0; r < count; r++) {
      weight.rows(first + r, 1, source, r * stride);
    }
    float[] step = new float[STRIP];
    for (int k = 0; k < columns; k++) {
      for (int r = 0; r < count; r++) {
        step[r] = source[r * stride + k];
      }
      MemorySegment.copy(
          step, 0, memory, ValueLayout.JAVA_FLOAT, at + (long) k * STRIP * Float.BYTES, STRIP);
    }
  }

  /// As they lie in the file.
  private void packShorts(Tensor weight, int first, int count, long at) {
    int stride = columns + PADDING;
    short[] source = new short[count * stride];
    for (int r = 0; r < count; r++) {
      long row = (long) (first + r) * columns * Short.BYTES;
      MemorySegment.copy(weight.bytes(), SHORTS, row, source, r * stride, columns);
      requireFinite(source, r * stride, weight);
    }
    short[] step = new short[STRIP];
    for (int k = 0; k < columns; k++) {
      for (int r = 0; r < count; r++) {
        step[r] = source[r * stride + k];
      }
      MemorySegment.copy(
          step, 0, memory, ValueLayout.JAVA_SHORT, at + (long) k * STRIP * Short.BYTES, STRIP);
    }
  }

  private void requireFinite(short[] source, int at, Tensor weight) {
    for (int i = at; i < at + columns && element == PackedElement.HALF; i++) {
      if ((source[i] & INFINITE) == INFINITE) {
        throw new IllegalArgumentException(
            "%s: holds %s; the file is damaged, fetch or make it again"
                .formatted(weight.name(), Float.float16ToFloat(source[i])));
      }
    }
  }

  private int strips() {
    return Math.ceilDiv(rows, STRIP);
  }

  private long at(int strip) {
    return (long) strip * STRIP * columns * element.bytes();
  }

  /// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ, by one thread at a time.
  ///
  /// A single row has a way of its own. In vectors it begins with the second product: the first is
  /// the last of a prompt, which has had the way of several rows compiled. All give the same bits.
  ///
  /// @param out at least m × n floats, overwritten
  public void multiply(Panels x, float[] out, Workers workers) {
    if (x.columns() != columns || out.length < Math.multiplyExact(x.rows(), rows)) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go through %d × %d into %d values"
              .formatted(x.rows(), x.columns(), columns, rows, out.length));
    }
    SingleRowCode code = x.rows() == 1 ? SingleRowCode.of(set, element, columns) : null;
    boolean single = x.rows() == 1 && isMultiplied;
    isMultiplied = true;
    int most = (int) Math.max(1, CALL / at(1));
    int together = Math.min(most, Math.ceilDiv(strips(), PIECES * workers.count()));
    MemorySegment row = MemorySegment.ofArray(x.packed());
    MemorySegment results = MemorySegment.ofArray(out);
    workers.forEach(
        Math.ceilDiv(strips(), together),
        piece -> {
          int from = piece * together;
          int to = Math.min(strips(), from + together);
          if (code != null) {
            // The last strip may have less rows than lanes: it goes through vectors.
            int whole = Math.min(rows / STRIP, to);
            if (from < whole) {
              long first = (long) from * STRIP;
              code.multiply(memory.address() + at(from), row, results, first, whole - from);
            }
            single(x, whole, to, out);
          } else if (single) {
            single(x, from, to, out);
          } else {
            several(x, from, to, out);
          }
        });
  }

  private void single(Panels x, int from, int to, float[] out) {
    float[] sums = new float[STRIP];
    for (int strip = from; strip < to; strip++) {
      Arrays.fill(sums, 0);
      for (int k = 0; k < columns; k += ScalarKernels.CHUNK) {
        int steps = Math.min(ScalarKernels.CHUNK, columns - k);
        long at = at(strip) + k * STRIP * element.bytes();
        switch (element) {
          case FLOAT -> floats(memory, at, x.packed(), k * PANEL, steps, sums);
          case HALF -> halves(memory, at, x.packed(), k * PANEL, steps, sums);
          case BRAIN -> brains(memory, at, x.packed(), k * PANEL, steps, sums);
        }
      }
      System.arraycopy(sums, 0, out, strip * STRIP, Math.min(STRIP, rows - strip * STRIP));
    }
  }

  /// Every strip is widened to float32 once, for all panels.
  private void several(Panels x, int from, int to, float[] out) {
    float[] sums = new float[SUMS];
    short[] bits = new short[WIDENED * STRIP];
    float[] values = new float[WIDENED * STRIP];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment wide =
          element == PackedElement.FLOAT ? memory : MicroKernel.strip(arena, columns);
      for (int strip = from; strip < to; strip++) {
        if (element != PackedElement.FLOAT) {
          widen(strip, bits, values, wide);
        }
        long at = element == PackedElement.FLOAT ? at(strip) : 0;
        int count = Math.min(STRIP, rows - strip * STRIP);
        for (int panel = 0; panel < x.count(); panel++) {
          Arrays.fill(sums, 0);
          MicroKernel.multiply(wide, at, x.packed(), x.at(panel), columns, sums, 0);
          int present = Math.min(PANEL, x.rows() - panel * PANEL);
          for (int r = 0; r < present; r++) {
            int to0 = (panel * PANEL + r) * rows + strip * STRIP;
            System.arraycopy(sums, r * STRIP, out, to0, count);
          }
        }
      }
    }
  }

  /// In plain loops, which the compiler turns into vector code as good as any; unlike the Vector
  /// API they are fast before that too, and a short prompt is over before.
  private void widen(int strip, short[] bits, float[] values, MemorySegment wide) {
    for (int k = 0; k < columns; k += WIDENED) {
      int count = Math.min(WIDENED, columns - k) * STRIP;
      long at = (long) k * STRIP;
      MemorySegment.copy(
          memory, ValueLayout.JAVA_SHORT, at(strip) + at * Short.BYTES, bits, 0, count);
      if (element == PackedElement.HALF) {
        halves(bits, values, count);
      } else {
        brains(bits, values, count);
      }
      MemorySegment.copy(values, 0, wide, ValueLayout.JAVA_FLOAT, at * Float.BYTES, count);
    }
  }

  private static void halves(short[] bits, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Float.float16ToFloat(bits[i]);
    }
  }

  private static void brains(short[] bits, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(bits[i] << 16);
    }
  }

  private static void floats(
      MemorySegment strip, long from, float[] x, int at, int steps, float[] sums) {
    FloatVector a = FloatVector.zero(LANES);
    FloatVector b = FloatVector.zero(LANES);
    long step = STRIP * (long) Float.BYTES;
    for (int k = 0; k < steps; k++) {
      FloatVector value = FloatVector.broadcast(LANES, x[at + k * PANEL]);
      long to = from + k * step;
      a = FloatVector.fromMemorySegment(LANES, strip, to, nativeOrder()).fma(value, a);
      b = FloatVector.fromMemorySegment(LANES, strip, to + step / 2, nativeOrder()).fma(value, b);
    }
    add(a, b, sums);
  }

  private static void halves(
      MemorySegment strip, long from, float[] x, int at, int steps, float[] sums) {
    FloatVector a = FloatVector.zero(LANES);
    FloatVector b = FloatVector.zero(LANES);
    long step = STRIP * (long) Short.BYTES;
    for (int k = 0; k < steps; k++) {
      FloatVector value = FloatVector.broadcast(LANES, x[at + k * PANEL]);
      long to = from + k * step;
      ShortVector first = ShortVector.fromMemorySegment(Halves.SHORTS, strip, to, nativeOrder());
      ShortVector second =
          ShortVector.fromMemorySegment(Halves.SHORTS, strip, to + step / 2, nativeOrder());
      a = Halves.half(first).fma(value, a);
      b = Halves.half(second).fma(value, b);
    }
    add(a, b, sums);
  }

  private static void brains(
      MemorySegment strip, long from, float[] x, int at, int steps, float[] sums) {
    FloatVector a = FloatVector.zero(LANES);
    FloatVector b = FloatVector.zero(LANES);
    long step = STRIP * (long) Short.BYTES;
    for (int k = 0; k < steps; k++) {
      FloatVector value = FloatVector.broadcast(LANES, x[at + k * PANEL]);
      long to = from + k * step;
      ShortVector first = ShortVector.fromMemorySegment(Halves.SHORTS, strip, to, nativeOrder());
      ShortVector second =
          ShortVector.fromMemorySegment(Halves.SHORTS, strip, to + step / 2, nativeOrder());
      a = Halves.brain(first).fma(value, a);
      b = Halves.brain(second).fma(value, b);
    }
    add(a, b, sums);
  }

  private static void add(FloatVector a, FloatVector b, float[] sums) {
    FloatVector.fromArray(LANES, sums, 0).add(a).intoArray(sums, 0);
    FloatVector.fromArray(LANES, sums, L).add(b).intoArray(sums, L);
  }
}
