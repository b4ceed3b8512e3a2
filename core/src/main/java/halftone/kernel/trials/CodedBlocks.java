package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.MachineCode;
import halftone.numeric.DirectBlock;
import halftone.numeric.RawWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Writes blocks of a kind in machine code ([BlockEmitter]).
///
/// @param constants of the code
record CodedBlocks(DirectBlock kind, MethodHandle code, MemorySegment constants)
    implements BlockWriter {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);

  static CodedBlocks of(DirectBlock kind, boolean areHalves) {
    MethodHandle code = MachineCode.function(BlockEmitter.emit(kind, areHalves), TYPE);
    int[] constants = BlockEmitter.constants(kind);
    return new CodedBlocks(kind, code, Arena.global().allocateFrom(JAVA_INT, constants));
  }

  @Override
  public boolean write(RawWeights x, int count, MemorySegment out, long offset) {
    MemorySegment from = x.of(0, count * kind.weights());
    MemorySegment to = out.asSlice(offset, (long) count * kind.bytes());
    try {
      return (int) code.invokeExact(from, to, (long) count, constants) == 0;
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
