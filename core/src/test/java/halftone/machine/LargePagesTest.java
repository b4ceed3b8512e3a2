package halftone.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LargePagesTest {
  private static final long PAGE = 2L << 20;

  @BeforeEach
  void whereMachineCodeRuns() {
    assumeTrue(InstructionSet.chosen() != InstructionSet.NONE, "machine code does not run here");
  }

  @Test
  void piecesAreZeroLieWhereTheyShouldAndDoNotMeet() {
    try (Arena arena = Arena.ofShared()) {
      SegmentAllocator pages = LargePages.of(arena);
      List<MemorySegment> pieces = new ArrayList<>();
      for (long bytes : new long[] {1, 64, 100_000, 20 * PAGE + 5, 3, 16 * PAGE, 16 * PAGE + 1}) {
        MemorySegment piece = pages.allocate(bytes, 64);
        assertThat(piece.byteSize()).isEqualTo(bytes);
        assertThat(piece.address() % 64).isZero();
        assertThat(piece.mismatch(MemorySegment.ofArray(new byte[(int) bytes]))).isEqualTo(-1);
        pieces.add(piece.fill((byte) 1));
      }
      pieces.sort(Comparator.comparingLong(MemorySegment::address));
      for (int i = 1; i < pieces.size(); i++) {
        long end = pieces.get(i - 1).address() + pieces.get(i - 1).byteSize();
        assertThat(pieces.get(i).address()).isGreaterThanOrEqualTo(end);
      }
    }
  }

  @Test
  void theSystemIsAskedForLargePages() throws IOException {
    Path enabled = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
    assumeTrue(Files.exists(enabled), "the system has no large pages");
    try (Arena arena = Arena.ofShared()) {
      MemorySegment piece = LargePages.of(arena).allocate(10 * PAGE, 64).fill((byte) 1);
      assertThat(flagsOf(piece.address())).contains(" hg");
    }
  }

  /// What Linux knows of the mapping of an address.
  private static String flagsOf(long address) throws IOException {
    boolean isIn = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        String[] ends = line.substring(0, line.indexOf(' ')).split("-");
        isIn =
            Long.compareUnsigned(Long.parseUnsignedLong(ends[0], 16), address) <= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(ends[1], 16)) < 0;
      } else if (isIn && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    throw new AssertionError("no mapping of " + Long.toHexString(address));
  }

  @Test
  void memoryGoesBackWithItsArena() throws IOException {
    long before = virtualKilobytes();
    for (int round = 0; round < 100; round++) {
      try (Arena arena = Arena.ofShared()) {
        LargePages.of(arena).allocate(20 * PAGE, 64);
      }
    }
    assertThat(virtualKilobytes() - before).isLessThan(1 << 20);
    Arena arena = Arena.ofShared();
    MemorySegment piece = LargePages.of(arena).allocate(8, 8);
    arena.close();
    assertThatThrownBy(() -> piece.get(ValueLayout.JAVA_LONG, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  private static long virtualKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmSize:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
