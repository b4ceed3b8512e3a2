package halftone.speed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryReadsTest {
  /// Two cores share what memory gives: no more than twice what one alone gets, and not much less
  /// than it.
  @Test
  void coresReadAtTheSameTime() {
    try (MemoryReads one = new MemoryReads(1);
        MemoryReads two = new MemoryReads(2)) {
      double alone = one.perSecond(3);
      assertThat(alone).isBetween(5e8, 1e12);
      assertThat(two.perSecond(3)).isBetween(0.4 * alone, 3 * alone);
    }
  }
}
