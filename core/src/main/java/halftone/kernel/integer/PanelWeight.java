package halftone.kernel.integer;

import static halftone.kernel.integer.PanelFormat.ROWS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.NumberFormat;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Objects;

/// A quantized weight in panels ([PanelFormat]), for products in integers with [QuantizedRows]:
/// codes are multiplied with codes, and only sums of 16 or 32 columns become floats. Takes as many
/// bytes as the file or little more; half as many again and up to twice for types of less than 3
/// bits.
public final class PanelWeight {
  /// Bytes of panels, times tiles, that a worker takes at once: ten microseconds' work.
  private static final long PIECE = 256_000;

  /// Pieces of a weight that has panels enough: who is done first waits for the others as long as a
  /// piece takes.
  private static final int FEWEST = 8;

  /// Bytes of panels, times tiles, that go through machine code in a call: the garbage collector
  /// waits for its end.
  private static final long CALL = 4L << 20;

  private static final int TWO = 2;

  /// Behind the last record, a multiple of 64: the parameters of the code.
  private static final int MARGIN = TWO * ProductEmitter.PARAMETER_BYTES;

  private static final int NARROW = TWO * ROWS;

  private static final ThreadLocal<MemorySegment> SCRATCH = memory(ProductEmitter.SCRATCH_BYTES);
  private static final ThreadLocal<MemorySegment> WHOLE = memory(4L * QuantizedRows.TILE * NARROW);

  private final PanelFormat format;
  private final int rows;
  private final int columns;
  private final MemorySegment memory;

  /// Address of what machine code is told of whole panels, and behind it of the last ones.
  private final long parameters;

  private static ThreadLocal<MemorySegment> memory(long bytes) {
    return ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(bytes, PanelFormat.WORDS));
  }

  private PanelWeight(PanelFormat format, int rows, int columns, MemorySegment memory) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    this.memory = memory;
    long at = memory.byteSize() - MARGIN;
    this.parameters = memory.address() + at;
    setParameters(at, rows);
    setParameters(at + ProductEmitter.PARAMETER_BYTES, NARROW);
  }

  /// @param stride floats between results of two rows
  private void setParameters(long at, long stride) {
    int perLoop = Math.max(1, format.recordsPerHeader());
    long records = (long) columns / format.columns() / perLoop;
    memory.set(JAVA_LONG, at + ProductEmitter.RECORDS, records);
    memory.set(JAVA_LONG, at + ProductEmitter.PANEL_BYTES, format.panelBytes(columns));
    memory.set(JAVA_LONG, at + ProductEmitter.HEADERS_AT, format.headersAt(columns));
    memory.set(JAVA_LONG, at + ProductEmitter.ROW_BYTES, stride * Float.BYTES);
    setVector(at + ProductEmitter.LOW_MASK, format.lowMask());
    setVector(at + ProductEmitter.HIGH_MASK, format.highMask());
    setVector(at + ProductEmitter.ONES, 0x00010001);
    setVector(at + ProductEmitter.OFFSETS, PanelFormat.everyByte(format.offset()));
    byte[] table = format.table();
    if (table != null) {
      MemorySegment.copy(table, 0, memory, JAVA_BYTE, at + ProductEmitter.TABLE, table.length);
    }
  }

  private void setVector(long at, int word) {
    for (int i = 0; i < ProductEmitter.CONSTANT_BYTES; i += Integer.BYTES) {
      memory.set(JAVA_INT, at + i, word);
    }
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

  /// Packs a weight into memory of `allocator`, which must be for all of the workers' threads.
  public static PanelWeight of(Tensor weight, SegmentAllocator allocator, Workers workers) {
    PanelFormat format = required(weight);
    int rows = Math.toIntExact(weight.shape().rows());
    int columns = weight.shape().columns();
    MemorySegment memory = allocator.allocate(bytesOf(weight), 64);
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

  /// Where the panels lie, one behind the other.
  MemorySegment memory() {
    return memory;
  }

  private long at(int panel) {
    return panel * format.panelBytes(columns);
  }

  /// @throws IllegalArgumentException when rows do not fit, or their results
  void require(QuantizedRows x, float[] out) {
    if (x.columns() != columns || out.length < Math.multiplyExact(x.rows(), rows)) {
      throw new IllegalArgumentException(
          "%d rows of %d do not go through %d × %d into %d values"
              .formatted(x.rows(), x.columns(), columns, rows, out.length));
    }
  }

  /// Panels that go through the code together: one row reads a weight as one stream, as two at once
  /// come half as fast from memory, and narrow vectors have half a panel each.
  private static int width(PanelPass of) {
    return of.x().rows() > 1 && of.set() == InstructionSet.AVX512_VNNI ? TWO : 1;
  }

  /// Panels in a piece of work, a multiple of `width`.
  private int together(PanelPass of, int width) {
    long work = width * format.panelBytes(columns) * of.x().tiles();
    return width * (int) Math.clamp(PIECE / work, 1, Math.ceilDiv(panels(), width * FEWEST));
  }

  /// Pieces of work.
  int pieces(PanelPass of) {
    return Math.ceilDiv(panels(), together(of, width(of)));
  }

  /// Does one of the pieces.
  void multiply(int piece, PanelPass of) {
    int width = width(of);
    int each = together(of, width);
    int end = Math.min(panels(), (piece + 1) * each);
    if (of.set() == InstructionSet.NONE) {
      vectors(piece * each, end, of.x(), of.out());
      return;
    }
    if (of.x().rows() == 1) {
      oneRow(piece * each, end, of);
      return;
    }
    for (int panel = piece * each; panel < end; panel += width) {
      int count = Math.min(width, end - panel);
      if ((panel + count) * ROWS <= rows) {
        whole(panel, count, of);
      } else {
        partial(panel, count, of);
      }
    }
  }

  /// Panels up to `end`, one behind the other.
  private void oneRow(int panel, int end, PanelPass of) {
    int whole = Math.min(end, rows / ROWS);
    if (panel < whole) {
      long to = (long) panel * PanelFormat.WORDS;
      call(panel, 1, of, 0, of.results(), to, parameters, whole - panel);
    }
    if (whole < end) {
      partial(whole, 1, of);
    }
  }

  private void vectors(int panel, int end, QuantizedRows x, float[] out) {
    VectorProduct product = new VectorProduct(format, memory, x);
    for (; panel < end; panel++) {
      float[] results = product.multiply(at(panel));
      int present = Math.min(ROWS, rows - panel * ROWS);
      for (int row = 0; row < x.rows(); row++) {
        System.arraycopy(results, row * ROWS, out, row * rows + panel * ROWS, present);
      }
    }
  }

  /// Panels of whole rows: full tiles one behind the other, so many that a call stays short, and
  /// the last, which may not be full.
  private void whole(int panel, int count, PanelPass of) {
    int full = of.x().rows() / QuantizedRows.TILE;
    int most = (int) Math.max(1, CALL / (count * format.panelBytes(columns)));
    for (int tile = 0; tile < full; tile += most) {
      int times = Math.min(most, full - tile);
      call(panel, count, of, tile, of.results(), to(panel, tile), parameters, times);
    }
    if (full < of.x().tiles()) {
      call(panel, count, of, full, of.results(), to(panel, full), parameters, 1);
    }
  }

  private long to(int panel, int tile) {
    return ((long) tile * QuantizedRows.TILE * rows + panel * ROWS) * Float.BYTES;
  }

  /// Results of panels that rows do not fill go through memory of the thread's own.
  private void partial(int panel, int count, PanelPass of) {
    MemorySegment whole = WHOLE.get();
    long narrow = parameters + ProductEmitter.PARAMETER_BYTES;
    for (int tile = 0; tile < of.x().tiles(); tile++) {
      call(panel, count, of, tile, whole, 0, narrow, 1);
      for (int t = 0; t < of.x().tileRows(tile); t++) {
        int to = (tile * QuantizedRows.TILE + t) * rows + panel * ROWS;
        MemorySegment.copy(whole, JAVA_FLOAT, 4L * t * NARROW, of.out(), to, rows - panel * ROWS);
      }
    }
  }

  /// @param given address of parameters
  /// @param times how many panels of one row, or tiles
  private void call(
      int panel,
      int count,
      PanelPass of,
      int tile,
      MemorySegment target,
      long to,
      long given,
      int times) {
    try {
      format
          .code()
          .of(of.set(), count, of.x().tileRows(tile))
          .invokeExact(
              memory.address() + at(panel),
              of.x().segment(),
              (long) of.x().at(tile) * Integer.BYTES,
              target,
              to,
              given,
              SCRATCH.get().address(),
              (long) times);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
