package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.MachineCode;
import halftone.numeric.BlockWriter;
import halftone.numeric.DirectBlock;
import halftone.numeric.RawWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.stream.IntStream;

/// Writes blocks of a kind in machine code ([BlockEmitter]).
///
/// @param constants of the code
record CodedBlocks(DirectBlock kind, MethodHandle code, MemorySegment constants)
    implements BlockWriter {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  static CodedBlocks of(DirectBlock kind, boolean areHalves) {
    MethodHandle code = MachineCode.function(BlockEmitter.emit(kind, areHalves), TYPE);
    int[] constants = BlockEmitter.constants(kind);
    return new CodedBlocks(kind, code, Arena.global().allocateFrom(JAVA_INT, constants));
  }

  @Override
  public int[] write(RawWeights weights, int count, MemorySegment out, long offset) {
    MemorySegment from = weights.slice(0, count * kind.weights());
    MemorySegment to = out.asSlice(offset, (long) count * kind.bytes());
    int[] unusual = new int[count];
    try {
      int any =
          (int) code.invokeExact(from, to, MemorySegment.ofArray(unusual), constants, (long) count);
      return any == 0
          ? new int[0]
          : IntStream.range(0, count).filter(block -> unusual[block] != 0).toArray();
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
