package halftone.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Memory outside the heap in pages of 2 MB instead of 4 KB, for weights that are read from end to
/// end for every token: a core that reads a stream looks each of its pages up, and is a third
/// slower with small ones.
///
/// Where the operating system has no large pages to give, it is ordinary memory. Safe for
/// concurrent use.
public final class LargePages implements SegmentAllocator {
  private static final long PAGE = 2L << 20;

  /// What is asked of the system at least; only what is written takes memory.
  private static final long CHUNK = 16 * PAGE;

  private final Arena arena;
  private MemorySegment chunk = MemorySegment.NULL;
  private long taken;

  private LargePages(Arena arena) {
    this.arena = arena;
  }

  /// Memory that lives as long as the arena: in large pages where machine code runs, else the
  /// arena's own.
  public static SegmentAllocator of(Arena arena) {
    return InstructionSet.chosen() == InstructionSet.NONE ? arena : new LargePages(arena);
  }

  /// Memory that is zero.
  @Override
  public synchronized MemorySegment allocate(long bytes, long alignment) {
    long at = Math.ceilDiv(taken, alignment) * alignment;
    if (at + bytes > chunk.byteSize()) {
      chunk = mapped(Math.max(CHUNK, Math.ceilDiv(bytes, PAGE) * PAGE));
      at = 0;
    }
    taken = at + bytes;
    return chunk.asSlice(at, bytes);
  }

  /// Whole pages, cut from somewhat more.
  private MemorySegment mapped(long bytes) {
    MemorySegment all = SystemMemory.map(bytes + PAGE).reinterpret(arena, SystemMemory::unmap);
    MemorySegment pages = all.asSlice(Math.floorMod(-all.address(), PAGE), bytes);
    SystemMemory.askForHugePages(pages);
    return pages;
  }
}
