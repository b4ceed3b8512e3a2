package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import halftone.numeric.AffineSearch;
import halftone.numeric.Groups;
import halftone.numeric.ScaleTrials;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Searches scales of groups of a size in machine code ([SearchEmitter]).
///
/// @param constants of the code, and the trials' extents behind them
/// @param room bytes that it works in
record CodedSearch(InstructionSet set, MethodHandle code, MemorySegment constants, long room) {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  static CodedSearch affine(InstructionSet set, int elements, AffineSearch search) {
    return of(
        set,
        elements,
        new AffineEmitter(set, elements, search),
        SearchEmitter.constants(0, search.maxCode(), -1),
        search.extents());
  }

  static CodedSearch symmetric(InstructionSet set, int elements, int limit) {
    float[] extents = VectorTrials.symmetricExtents(limit);
    return of(
        set,
        elements,
        new SymmetricEmitter(set, elements, extents.length),
        SearchEmitter.constants(-limit, limit - 1, ScaleTrials.TINY),
        extents);
  }

  private static CodedSearch of(
      InstructionSet set, int elements, SearchEmitter emitter, int[] constants, float[] extents) {
    long bytes = SearchEmitter.EXTENTS + (long) extents.length * Float.BYTES;
    MemorySegment numbers = Arena.global().allocate(bytes, Integer.BYTES);
    MemorySegment.copy(constants, 0, numbers, JAVA_INT, 0, constants.length);
    MemorySegment.copy(extents, 0, numbers, JAVA_FLOAT, SearchEmitter.EXTENTS, extents.length);
    MethodHandle code = MachineCode.function(emitter.function(), TYPE);
    return new CodedSearch(set, code, numbers, SearchEmitter.room(set, elements));
  }

  void run(Groups groups) {
    run(groups, groups.padded());
  }

  /// @param count of the groups, the first ones; a multiple of [Groups#TOGETHER]
  void run(Groups groups, int count) {
    long vectors = (long) count * Float.BYTES / set.vectorBytes();
    try {
      code.invokeExact(
          groups.x(), groups.w(), groups.found(), groups.room(room), constants, vectors);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
