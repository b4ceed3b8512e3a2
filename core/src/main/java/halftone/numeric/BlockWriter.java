package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Writes blocks of one kind straight from the weights.
public interface BlockWriter {
  /// Writes blocks one behind the other.
  ///
  /// @param count of blocks, at least one
  /// @return the numbers of those with weights that are not usual, so large that a scale might not
  ///   hold them or so small that one might be zero: their bytes mean nothing, and
  ///   [WeightFormat#fit] says what they are to be
  int[] write(RawWeights weights, int count, MemorySegment out, long offset);
}
