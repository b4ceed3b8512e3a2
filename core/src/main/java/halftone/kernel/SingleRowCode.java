package halftone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One row through strips of a [PackedWeight], in machine code.
///
/// @param function see [SingleRowEmitter]
record SingleRowCode(MethodHandle function) {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

  private static final Map<Strips, SingleRowCode> KNOWN = new ConcurrentHashMap<>();

  /// What the code is for.
  private record Strips(InstructionSet set, PackedElement element, int columns) {
    SingleRowCode code() {
      return new SingleRowCode(
          MachineCode.function(SingleRowEmitter.emit(set, element, columns), TYPE));
    }
  }

  /// The code for rows of so many columns; null where there is no machine code, or for a number of
  /// columns that no network has.
  static @Nullable SingleRowCode of(InstructionSet set, PackedElement element, int columns) {
    return set == InstructionSet.NONE || columns % SingleRowEmitter.STEPS != 0
        ? null
        : KNOWN.computeIfAbsent(new Strips(set, element, columns), Strips::code);
  }

  /// @param strips address of the first one
  /// @param row as it lies in [Panels]
  /// @param at where the first result goes
  /// @param count of strips, at least 1
  void multiply(long strips, MemorySegment row, MemorySegment out, long at, long count) {
    try {
      function.invokeExact(strips, row, out, at * Float.BYTES, count);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
