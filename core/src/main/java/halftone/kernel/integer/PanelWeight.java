package halftone.kernel.integer;

import static halftone.kernel.integer.PanelFormat.ROWS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.numeric.NumberFormat;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/// A quantized weight in panels ([PanelFormat]), for products in integers with [QuantizedRows]:
/// codes are multiplied with codes, and only sums of 16 or 32 columns become floats. Takes as many
/// bytes as the file, 3 % more for Q4_K.
public final class PanelWeight {
  /// Panels that a worker takes at once: for few rows many, as calls cost more than the work.
  private static final int PIECES = 8;

  /// What is read ahead behind the last record.
  private static final int MARGIN = 16384;

  private static final int TWO = 2;
  private static final int SCRATCH_BYTES = TWO * QuantizedRows.TILE * ROWS * Float.BYTES;
  private static final int LOW_NIBBLES = 0x0F0F0F0F;
  private static final int HIGH_PAIRS = 0x30303030;

  private final PanelFormat format;
  private final int rows;
  private final int columns;
  private final MemorySegment memory;

  private PanelWeight(PanelFormat format, int rows, int columns, MemorySegment memory) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.memory = memory;
  }

  /// Whether there are panels for a format.
  public static boolean isFor(NumberFormat format) {
    return PanelFormat.of(format) != null;
  }

  /// Bytes that a weight takes in panels.
  public static long bytesOf(Tensor weight) {
    long panels = Math.ceilDiv(weight.shape().rows(), (long) ROWS);
    return panels * required(weight).panelBytes(weight.shape().columns()) + MARGIN;
  }

  private static PanelFormat required(Tensor weight) {
    return Objects.requireNonNull(PanelFormat.of(weight.format()), weight.format().id());
  }

  /// Packs a weight into memory of `arena`, which must be shared between the workers' threads.
  public static PanelWeight of(Tensor weight, Arena arena, Workers workers) {
    PanelFormat format = required(weight);
    int rows = Math.toIntExact(weight.shape().rows());
    int columns = weight.shape().columns();
    MemorySegment memory = arena.allocate(bytesOf(weight), 64);
    MemorySegment bytes = weight.bytes();
    long rowBytes = weight.byteSize() / rows;
    PanelWeight packed = new PanelWeight(format, rows, columns, memory);
    workers.forEach(
        packed.panels(),
        panel -> {
          for (int lane = 0; lane < Math.min(ROWS, rows - panel * ROWS); lane++) {
            long row = (long) panel * ROWS + lane;
            format.pack(
                bytes.asSlice(row * rowBytes, rowBytes), columns, memory, packed.at(panel), lane);
          }
        });
    return packed;
  }

  private int panels() {
    return Math.ceilDiv(rows, ROWS);
  }

  private long at(int panel) {
    return panel * format.panelBytes(columns);
  }

  /// C\[m×n\] = X\[m×k\] · W\[n×k\]ᵀ.
  ///
  /// @param out at least m × n floats, overwritten
  public void multiply(QuantizedRows x, float[] out, Workers workers) {
    multiply(x, out, InstructionSet.chosen(), workers);
  }

  /// The result does not depend on the instructions.
  void multiply(QuantizedRows x, float[] out, InstructionSet instructions, Workers workers) {
    if (x.columns() != columns || out.length < Math.multiplyExact(x.rows(), rows)) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go through %d × %d into %d values"
              .formatted(x.rows(), x.columns(), columns, rows, out.length));
    }
    if (instructions == InstructionSet.NONE) {
      workers.forEach(panels(), panel -> plain(panel, x, out));
      return;
    }
    MemorySegment results = MemorySegment.ofArray(out);
    // One row reads a weight as one stream: two at once come half as fast from memory.
    int width = x.rows() == 1 ? 1 : TWO;
    int groups = Math.ceilDiv(panels(), width);
    int together = Math.max(1, Math.ceilDiv(groups, PIECES * workers.count()));
    workers.forEach(
        Math.ceilDiv(groups, together),
        piece -> {
          try (Arena arena = Arena.ofConfined()) {
            Run run = new Run(x, results, out, arena);
            int last = Math.min(groups, (piece + 1) * together);
            for (int group = piece * together; group < last; group++) {
              run.panels(group * width, width);
            }
          }
        });
  }

  private void plain(int panel, QuantizedRows x, float[] out) {
    PlainProduct product = new PlainProduct(format, memory, columns);
    int present = Math.min(ROWS, rows - panel * ROWS);
    for (int tile = 0; tile < x.tiles(); tile++) {
      float[] results = product.multiply(at(panel), x, tile);
      for (int t = 0; t < x.tileRows(tile); t++) {
        int to = (tile * QuantizedRows.TILE + t) * rows + panel * ROWS;
        System.arraycopy(results, t * ROWS, out, to, present);
      }
    }
  }

  /// A worker's part of a product by machine code.
  private final class Run {
    private final QuantizedRows x;
    private final MemorySegment results;
    private final float[] out;
    private final MemorySegment parameters;
    private final float[] narrow = new float[TWO * ROWS * QuantizedRows.TILE];

    Run(QuantizedRows x, MemorySegment results, float[] out, Arena arena) {
      this.x = x;
      this.results = results;
      this.out = out;
      this.parameters = arena.allocate(64 + SCRATCH_BYTES, 64);
      int perLoop = Math.max(1, format.recordsPerHeader());
      parameters.set(
          JAVA_LONG, ProductEmitter.RECORDS, (long) columns / format.columns() / perLoop);
      parameters.set(JAVA_LONG, ProductEmitter.PANEL_BYTES, format.panelBytes(columns));
      parameters.set(JAVA_LONG, ProductEmitter.HEADERS_AT, format.headersAt(columns));
      parameters.set(JAVA_LONG, ProductEmitter.SCRATCH, parameters.address() + 64);
      parameters.set(JAVA_INT, ProductEmitter.LOW_NIBBLES, LOW_NIBBLES);
      parameters.set(JAVA_INT, ProductEmitter.HIGH_PAIRS, HIGH_PAIRS);
    }

    /// One panel or two. What does not fill its sixteen rows goes through an array of its own.
    void panels(int panel, int width) {
      int count = Math.min(width, PanelWeight.this.panels() - panel);
      int present = Math.min(count * ROWS, rows - panel * ROWS);
      boolean whole = present == count * ROWS;
      parameters.set(
          JAVA_LONG, ProductEmitter.ROW_BYTES, (long) (whole ? rows : TWO * ROWS) * Float.BYTES);
      MemorySegment target = whole ? results : MemorySegment.ofArray(narrow);
      for (int tile = 0; tile < x.tiles(); tile++) {
        int first = tile * QuantizedRows.TILE;
        long to = whole ? ((long) first * rows + panel * ROWS) * JAVA_FLOAT.byteSize() : 0;
        call(panel, count, tile, target, to);
        for (int t = 0; t < x.tileRows(tile) && !whole; t++) {
          System.arraycopy(narrow, t * TWO * ROWS, out, (first + t) * rows + panel * ROWS, present);
        }
      }
    }

    private void call(int panel, int count, int tile, MemorySegment target, long to) {
      MethodHandle product = format.code().of(count, x.tileRows(tile));
      try {
        product.invokeExact(
            memory.address() + at(panel),
            x.segment(),
            (long) x.at(tile) * Integer.BYTES,
            target,
            to,
            parameters.address());
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
