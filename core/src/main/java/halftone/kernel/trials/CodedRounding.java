package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.MachineCode;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Rounds weights of groups of a size to codes in a range, in machine code ([RoundingEmitter]).
///
/// @param constants of the code
record CodedRounding(MethodHandle code, MemorySegment constants) {
  private static final FunctionDescriptor TYPE =
      FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  static CodedRounding of(int group, int least, int most) {
    MethodHandle code = MachineCode.function(RoundingEmitter.emit(group), TYPE);
    int[] constants = RoundingEmitter.constants(least, most);
    return new CodedRounding(code, Arena.global().allocateFrom(JAVA_INT, constants));
  }

  void round(float[] x, float[] steps, float[] offsets, byte[] codes) {
    try {
      code.invokeExact(
          MemorySegment.ofArray(x),
          MemorySegment.ofArray(steps),
          MemorySegment.ofArray(offsets),
          MemorySegment.ofArray(codes),
          constants,
          (long) x.length / RoundingEmitter.TOGETHER);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
