package halftone.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Memory asked of Linux itself: mmap(2), munmap(2), mprotect(2), madvise(2).
final class SystemMemory {
  private static final int READ_WRITE = 3;
  private static final int READ_EXECUTE = 5;
  private static final int PRIVATE_ANONYMOUS = 0x22;
  private static final int HUGE_PAGES = 14;
  private static final long FAILED = -1;

  private static final MethodHandle MAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle UNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle PROTECT =
      function("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle ADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private SystemMemory() {}

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
  }

  /// Zeros that may be read and written.
  ///
  /// @param bytes a multiple of the page size
  /// @throws UnsupportedOperationException when the system gives none
  static MemorySegment map(long bytes) {
    try {
      MemorySegment memory =
          (MemorySegment)
              MAP.invokeExact(MemorySegment.NULL, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
      if (memory.address() == FAILED) {
        throw new UnsupportedOperationException(
            "the system gives no " + bytes + " bytes of memory");
      }
      return memory.reinterpret(bytes);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /// Gives all of what was mapped back.
  static void unmap(MemorySegment memory) {
    try {
      int unused = (int) UNMAP.invokeExact(memory, memory.byteSize());
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /// Makes mapped memory executable, and no longer writable.
  ///
  /// @throws UnsupportedOperationException when the system refuses
  static void makeExecutable(MemorySegment memory) {
    try {
      if ((int) PROTECT.invokeExact(memory, memory.byteSize(), READ_EXECUTE) != 0) {
        throw new UnsupportedOperationException("the system lets no memory be made executable");
      }
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /// Asks for huge pages where nothing was written yet. A system without them leaves the memory as
  /// it is.
  static void askForHugePages(MemorySegment memory) {
    try {
      int unused = (int) ADVISE.invokeExact(memory, memory.byteSize(), HUGE_PAGES);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }
}
