package halftone.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the loops say they did takes as long as it must, and no longer.
class PeakLoopsTest {
  @BeforeEach
  void needsMachineCode() {
    Assumptions.assumeTrue(InstructionSet.best() != InstructionSet.NONE, "no machine code here");
  }

  @Test
  void bytesGoThroughFasterThanFloats() {
    PeakLoops loops = new PeakLoops(InstructionSet.best());
    double bytes = 0;
    double floats = 0;
    for (int trial = 0; trial < 20; trial++) {
      long start = System.nanoTime();
      long products = loops.multiplyBytes(5000);
      long between = System.nanoTime();
      long floatProducts = loops.multiplyFloats(5000);
      long end = System.nanoTime();
      assertThat(products)
          .isEqualTo(4 * floatProducts)
          .isEqualTo(5000L * 15 * InstructionSet.best().vectorBytes());
      bytes = Math.max(bytes, (double) products / (between - start));
      floats = Math.max(floats, (double) floatProducts / (end - between));
    }
    // 64 and 16 products in half a cycle to two, at 1 to 7 GHz.
    assertThat(bytes).isBetween(32.0, 900.0);
    assertThat(floats).isBetween(8.0, 225.0);
    assertThat(bytes).isGreaterThan(2 * floats);
  }

  @Test
  void readsAllOfTheMemory() {
    PeakLoops loops = new PeakLoops(InstructionSet.best());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate((1 << 20) + (1 << 14)).fill((byte) 1);
      long once = best(loops, memory, 1 << 17);
      long eightTimes = best(loops, memory, 1 << 20);
      assertThat((double) eightTimes / once).isGreaterThan(4);
    }
  }

  private static long best(PeakLoops loops, MemorySegment memory, long bytes) {
    long best = Long.MAX_VALUE;
    for (int trial = 0; trial < 50; trial++) {
      long start = System.nanoTime();
      loops.read(memory.address(), bytes);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}
