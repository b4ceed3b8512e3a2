package halftone.kernel.integer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Machine code that rounds the rows of a tile, see [TileEmitter].
final class TileCode {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(
          JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final int MOST = QuantizedRows.TILE;

  private static final AtomicReferenceArray<MethodHandle> KNOWN =
      new AtomicReferenceArray<>(InstructionSet.values().length * MOST);

  private TileCode() {}

  /// Rounds a tile.
  ///
  /// @param set other than none
  /// @param rows of the tile
  /// @param columns of a row, at least a run
  /// @param from where the rows begin in `values`
  /// @param to where the tile begins in `words`
  /// @return false where a value is infinite or no number: the tile is of no use then
  static boolean round(
      InstructionSet set,
      int rows,
      int columns,
      MemorySegment values,
      long from,
      MemorySegment words,
      long to) {
    try {
      int largest =
          (int)
              of(set, rows)
                  .invokeExact(
                      values,
                      from * Float.BYTES,
                      words,
                      to * Integer.BYTES,
                      (long) columns / QuantizedRows.RUN,
                      (long) columns * Float.BYTES,
                      TileEmitter.tableAddress());
      return largest < RunRounding.INFINITE;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle of(InstructionSet set, int rows) {
    int index = set.ordinal() * MOST + rows - 1;
    MethodHandle ready = KNOWN.get(index);
    if (ready == null) {
      byte[] code = TileEmitter.emit(set, rows);
      KNOWN.compareAndSet(index, null, MachineCode.function(code, TYPE));
      ready = KNOWN.get(index);
    }
    return ready;
  }
}
