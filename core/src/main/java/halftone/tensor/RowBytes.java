package halftone.tensor;

import java.lang.foreign.MemorySegment;

/// The bytes of a tensor's rows in its format: as they lie in a file, or made when asked for.
@FunctionalInterface
public interface RowBytes {
  /// The bytes of `count` whole rows from row `from`, one after the other; not to be changed.
  MemorySegment rows(long from, int count);
}
