package halftone.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Machine code as functions. The memory it runs in is written first and made executable then,
/// never both at once, and stays until the process ends.
public final class MachineCode {
  private static final int PAGE = 4096;
  private static final int READ_WRITE = 3;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final long FAILED = -1;

  private static final Linker LINKER = Linker.nativeLinker();

  private MachineCode() {}

  /// A function of this code. Calls take a few nanoseconds, and arguments may lie in the heap; they
  /// must be short, as the garbage collector waits for them.
  ///
  /// @throws UnsupportedOperationException when the system gives no such memory
  public static MethodHandle function(byte[] code, FunctionDescriptor type) {
    return LINKER.downcallHandle(loaded(code), type, Linker.Option.critical(true));
  }

  private static MemorySegment loaded(byte[] code) {
    long size = Math.ceilDiv(code.length, PAGE) * (long) PAGE;
    try {
      MemorySegment memory =
          (MemorySegment)
              system(
                      "mmap",
                      FunctionDescriptor.of(
                          ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG))
                  .invokeExact(MemorySegment.NULL, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (memory.address() == FAILED) {
        throw new UnsupportedOperationException("no memory for machine code");
      }
      MemorySegment.copy(code, 0, memory.reinterpret(size), JAVA_BYTE, 0, code.length);
      int refused =
          (int)
              system("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))
                  .invokeExact(memory, size, READ_EXECUTE);
      if (refused != 0) {
        throw new UnsupportedOperationException("the system lets no memory be made executable");
      }
      return memory;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle system(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type);
  }
}
