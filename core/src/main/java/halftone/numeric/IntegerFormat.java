package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// A number format whose weights are integers times a scale of their group, less a minimum: what
/// products in integers need. Bit for bit as [#decode] gives them.
public interface IntegerFormat extends NumberFormat {
  /// The integers.
  IntegerCodes integers();

  /// An empty block to read into.
  default IntegerBlock newBlock() {
    return new IntegerBlock(layout().weights(), integers());
  }

  /// Reads the block at byte `at`.
  void read(MemorySegment in, long at, IntegerBlock block);
}
