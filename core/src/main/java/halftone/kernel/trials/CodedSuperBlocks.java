package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.DirectBlock;
import halftone.numeric.Groups;
import halftone.numeric.RawWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Writes blocks of [DirectBlock#Q6_K]: the search for the groups' scales, then all else in machine
/// code ([SuperBlockEmitter]).
///
/// @param load what takes weights over as floats, with their squares
/// @param constants of the code
/// @param groups of some blocks, of each thread its own
record CodedSuperBlocks(
    MethodHandle load,
    CodedSearch search,
    MethodHandle code,
    MemorySegment constants,
    ThreadLocal<Groups> groups)
    implements BlockWriter {
  private static final FunctionDescriptor LOAD =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  private static final DirectBlock KIND = DirectBlock.Q6_K;
  private static final int GROUP = KIND.weights() / Groups.TOGETHER;

  /// Blocks whose groups are searched together: enough for what a call costs not to matter, few
  /// enough to stay in the cache.
  private static final int BLOCKS = 32;

  static CodedSuperBlocks of(InstructionSet set, boolean areHalves) {
    return new CodedSuperBlocks(
        MachineCode.function(SquareEmitter.emit(areHalves), LOAD),
        CodedSearch.symmetric(set, GROUP, KIND.limit()),
        MachineCode.function(SuperBlockEmitter.emit(), TYPE),
        Arena.global().allocateFrom(JAVA_INT, SuperBlockEmitter.constants()),
        ThreadLocal.withInitial(() -> new Groups(GROUP, BLOCKS * Groups.TOGETHER)));
  }

  @Override
  public boolean write(RawWeights x, int count, MemorySegment out, long offset) {
    for (int block = 0; block < count; block += BLOCKS) {
      int some = Math.min(BLOCKS, count - block);
      long to = offset + (long) block * KIND.bytes();
      MemorySegment weights = x.of(block * KIND.weights(), some * KIND.weights());
      if (!writeTogether(weights, some, out, to)) {
        return false;
      }
    }
    return true;
  }

  private boolean writeTogether(MemorySegment x, int count, MemorySegment out, long offset) {
    Groups some = groups.get();
    MemorySegment to = out.asSlice(offset, (long) count * KIND.bytes());
    try {
      load.invokeExact(x, some.x(), some.w(), (long) count * KIND.weights() / SquareEmitter.LANES);
      search.run(some, count * Groups.TOGETHER);
      int largest = (int) code.invokeExact(some.x(), to, some.found(), constants, (long) count);
      return largest < SuperBlockEmitter.TOO_LARGE;
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
