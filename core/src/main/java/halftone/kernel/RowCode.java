package halftone.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.machine.InstructionSet;
import halftone.machine.MachineCode;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
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
            RowEmitter.squares(), FunctionDescriptor.of(JAVA_DOUBLE, ADDRESS, JAVA_LONG));

    static final MethodHandle POWERS =
        MachineCode.function(
            RowEmitter.powers(),
            FunctionDescriptor.of(
                JAVA_FLOAT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT));

    static final MethodHandle GATES =
        MachineCode.function(
            RowEmitter.gates(InstructionSet.chosen()),
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  }

  /// A thread's own copy of a row. A segment of the row's array would be a new object for every
  /// row, and short rows are copied in no time.
  private static final class Copy {
    private float[] values = {};
    private MemorySegment segment = MemorySegment.ofArray(values);

    MemorySegment of(float[] row, int at, int count) {
      if (values.length < count) {
        values = new float[2 * count]; // a text has one position more with every token
        segment = MemorySegment.ofArray(values);
      }
      System.arraycopy(row, at, values, 0, count);
      return segment;
    }

    void to(float[] row, int at, int count) {
      System.arraycopy(values, 0, row, at, count);
    }
  }

  private static final ThreadLocal<Copy> COPY = ThreadLocal.withInitial(Copy::new);

  /// See [SquareSum].
  static double squares(float[] x, int at, int count) {
    MemorySegment copy = COPY.get().of(x, at, count);
    try {
      return (double) Functions.SQUARES.invokeExact(copy, (long) count / RowEmitter.LANES);
    } catch (Throwable e) {
      throw MachineCode.failure(e);
    }
  }

  /// See [RowKernels#powers].
  ///
  /// @param floor what the highest score is not below
  /// @return what is added to scores times the factor
  static float powers(float[] scores, int at, int count, float factor, float floor) {
    Copy copy = COPY.get();
    MemorySegment row = copy.of(scores, at, count);
    try {
      float shift =
          (float)
              Functions.POWERS.invokeExact(
                  row,
                  (long) count / RowEmitter.LANES,
                  ExponentialEmitter.tableAddress(),
                  factor,
                  floor);
      copy.to(scores, at, count);
      return shift;
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
