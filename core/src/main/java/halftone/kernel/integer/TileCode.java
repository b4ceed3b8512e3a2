package halftone.kernel.integer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Machine code that rounds the rows of a tile, see [TileEmitter]: for CPUs with any set of
/// instructions but none.
final class TileCode {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(
          JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final AtomicReferenceArray<MethodHandle> KNOWN =
      new AtomicReferenceArray<>(QuantizedRows.TILE + 1);

  private TileCode() {}

  /// Rounds a tile.
  ///
  /// @param rows of the tile
  /// @param columns of a row, at least a run
  /// @param from where the rows begin in `values`
  /// @param to where the tile begins in `words`
  /// @return false where a value is infinite or no number: the tile is of no use then
  static boolean round(
      int rows, int columns, MemorySegment values, long from, MemorySegment words, long to) {
    try {
      int largest =
          (int)
              of(rows)
                  .invokeExact(
                      values,
                      from * Float.BYTES,
                      words,
                      to * Integer.BYTES,
                      (long) columns / QuantizedRows.RUN,
                      (long) columns * Float.BYTES,
                      TileEmitter.tableAddress());
      return largest < RunRounding.INFINITE;
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  private static MethodHandle of(int rows) {
    MethodHandle ready = KNOWN.get(rows);
    if (ready == null) {
      byte[] code = TileEmitter.emit(rows);
      KNOWN.compareAndSet(rows, null, MachineCode.function(code, TYPE));
      ready = KNOWN.get(rows);
    }
    return ready;
  }
}
