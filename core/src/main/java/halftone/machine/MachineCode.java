package halftone.machine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Machine code as functions. The memory it runs in is written first and made executable then,
/// never both at once, and stays until the process ends.
public final class MachineCode {
  private static final int PAGE = 4096;

  private static final Linker LINKER = Linker.nativeLinker();

  private MachineCode() {}

  /// A function of this code. Calls take a few nanoseconds, and arguments may lie in the heap; they
  /// must be short, as the garbage collector waits for them.
  ///
  /// @throws UnsupportedOperationException when the system gives no such memory
  public static MethodHandle function(byte[] code, FunctionDescriptor type) {
    return LINKER.downcallHandle(loaded(code), type, Linker.Option.critical(true));
  }

  /// What to throw when a call of a function throws, as its method handle may throw anything.
  public static RuntimeException failure(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException(thrown);
    };
  }

  private static MemorySegment loaded(byte[] code) {
    MemorySegment memory = SystemMemory.map(Math.ceilDiv(code.length, PAGE) * (long) PAGE);
    MemorySegment.copy(code, 0, memory, JAVA_BYTE, 0, code.length);
    SystemMemory.makeExecutable(memory);
    return memory;
  }
}
