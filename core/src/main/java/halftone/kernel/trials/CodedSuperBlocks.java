package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.BlockWriter;
import halftone.numeric.DirectBlock;
import halftone.numeric.Groups;
import halftone.numeric.RawWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.stream.IntStream;

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
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);

  private static final DirectBlock KIND = DirectBlock.Q6_K;
  private static final int GROUP = KIND.weights() / Groups.TOGETHER;

  /// Blocks whose groups are searched together: enough for what a call costs not to matter, few
  /// enough to stay in the cache.
  private static final int BLOCKS = 32;

  static CodedSuperBlocks of(InstructionSet set, boolean areHalves) {
    return new CodedSuperBlocks(
        MachineCode.function(SquaringEmitter.emit(areHalves), LOAD),
        CodedSearch.symmetric(set, GROUP, KIND.limit()),
        MachineCode.function(SuperBlockEmitter.emit(), TYPE),
        Arena.global().allocateFrom(JAVA_INT, SuperBlockEmitter.constants()),
        ThreadLocal.withInitial(() -> new Groups(GROUP, BLOCKS * Groups.TOGETHER)));
  }

  @Override
  public int[] write(RawWeights weights, int count, MemorySegment out, long offset) {
    int[] largest = new int[count];
    for (int block = 0; block < count; block += BLOCKS) {
      int some = Math.min(BLOCKS, count - block);
      MemorySegment to =
          out.asSlice(offset + (long) block * KIND.bytes(), (long) some * KIND.bytes());
      MemorySegment magnitudes =
          MemorySegment.ofArray(largest).asSlice((long) block * Integer.BYTES);
      writeTogether(
          weights.slice(block * KIND.weights(), some * KIND.weights()), to, magnitudes, some);
    }
    return IntStream.range(0, count)
        .filter(block -> largest[block] >= SuperBlockEmitter.TOO_LARGE)
        .toArray();
  }

  private void writeTogether(
      MemorySegment weights, MemorySegment to, MemorySegment largest, int count) {
    Groups some = groups.get();
    long vectors = (long) count * KIND.weights() / SquaringEmitter.LANES;
    try {
      load.invokeExact(weights, some.x(), some.w(), vectors);
      search.run(some, count * Groups.TOGETHER);
      code.invokeExact(some.x(), to, some.found(), constants, (long) count, largest);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
