package halftone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/// Machine code for rows, see [RowEmitter]: as fast for the first token as for the last. Functions
/// take whole vectors, and at least one: multiples of [RowEmitter#LANES] values, but for gates.
final class RowCode {
  /// Whether this process has machine code.
  static final boolean IS_PRESENT = InstructionSet.chosen() != InstructionSet.NONE;

  /// Values of which [#gates] takes whole multiples.
  static final int GATES = InstructionSet.chosen().vectorBytes() / Float.BYTES;

  private RowCode() {}

  /// A class of its own, because nothing is emitted where there is no machine code.
  private static final class Functions {
    static final MethodHandle SQUARES =
        MachineCode.function(
            RowEmitter.squares(),
            FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS, JAVA_LONG, JAVA_LONG));

    static final MethodHandle POWERS =
        MachineCode.function(
            RowEmitter.powers(),
            FunctionDescriptor.of(
                JAVA_FLOAT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT));

    static final MethodHandle GATES =
        MachineCode.function(
            RowEmitter.gates(InstructionSet.chosen()),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  }

  /// See [SquareSum].
  static double squares(Floats x, int at, int count) {
    x.require(at, count);
    try {
      return (double)
          Functions.SQUARES.invokeExact(
              x.segment(), (long) at * Float.BYTES, (long) count / RowEmitter.LANES);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  /// See [RowKernels#powers].
  ///
  /// @param floor what the highest score is not below
  /// @return what is added to scores times the factor
  static float powers(Floats scores, int at, int count, float factor, float floor) {
    scores.require(at, count);
    try {
      return (float)
          Functions.POWERS.invokeExact(
              scores.segment(),
              (long) at * Float.BYTES,
              (long) count / RowEmitter.LANES,
              ExponentialEmitter.tableAddress(),
              factor,
              floor);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  /// See [RowKernels#swiGlu].
  static void gates(Floats gate, Floats up, int at, int count, Floats out) {
    gate.require(at, count);
    up.require(at, count);
    out.require(at, count);
    try {
      Functions.GATES.invokeExact(
          gate.segment(),
          up.segment(),
          out.segment(),
          (long) at * Float.BYTES,
          (long) count / GATES,
          ExponentialEmitter.tableAddress());
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }
}
