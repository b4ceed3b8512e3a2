package halftone.speed;

import com.sun.management.OperatingSystemMXBean;
import halftone.machine.InstructionSet;
import halftone.machine.LargePages;
import halftone.machine.PeakLoops;
import halftone.workers.LocalWorkers;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Memory that some cores read in order, all at the same time, each a part of its own: what a
/// network whose weights are read once a token cannot be faster than.
///
/// A machine that others use, too, has not the same memory speed in one minute as in the next:
/// measure it between what it is compared with.
public final class MemoryReads implements AutoCloseable {
  /// So much that what is left of it in the caches since the last time counts for little: two cores
  /// may have caches of 32 MB each.
  private static final long MEMORY = 512L << 20;

  /// Share of the machine's memory that it may be at most.
  private static final long SHARE = 8;

  /// What a call reads: a short while, as the garbage collector waits for it.
  private static final long PIECE = 1L << 20;

  private final Workers workers;
  private final Arena arena = Arena.ofShared();
  private final List<LongSupplier> readers = new ArrayList<>();

  /// @param cores that read at the same time
  public MemoryReads(int cores) {
    workers = new LocalWorkers(cores);
    InstructionSet set = InstructionSet.chosen();
    PeakLoops loops = set == InstructionSet.NONE ? null : new PeakLoops(set);
    long available = loops == null ? Runtime.getRuntime().maxMemory() / 4 : machineBytes() / SHARE;
    long each = Math.min(MEMORY, available) / cores / PIECE * PIECE;
    for (int core = 0; core < cores; core++) {
      if (loops == null) {
        long[] memory = new long[Math.toIntExact(each / Long.BYTES)];
        readers.add(() -> sum(memory));
      } else {
        MemorySegment memory = LargePages.of(arena).allocate(each + PIECE).fill((byte) 1);
        readers.add(() -> read(loops, memory.address(), each));
      }
    }
  }

  private static long machineBytes() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  private static long read(PeakLoops loops, long address, long bytes) {
    for (long at = 0; at < bytes; at += PIECE) {
      loops.read(address + at, PIECE);
    }
    return bytes;
  }

  /// Without machine code. All of the memory is zero, but the compiler does not know: it has to
  /// read.
  private static long sum(long[] memory) {
    long sum = 0;
    for (long word : memory) {
      sum += word;
    }
    return memory.length * (long) Long.BYTES + sum;
  }

  /// Bytes a second, all cores together, in the best of some moments.
  public double perSecond(int moments) {
    return Moments.best(moments, workers, readers);
  }

  @Override
  public void close() {
    workers.close();
    arena.close();
  }
}
