package halftone.kernel.trials;

import halftone.numeric.RawWeights;
import java.lang.foreign.MemorySegment;

/// Writes blocks of one kind: see [halftone.numeric.ScaleTrials#write].
interface BlockWriter {
  /// @param count of blocks, at least one
  /// @return whether all weights were as usual
  boolean write(RawWeights x, int count, MemorySegment out, long offset);
}
