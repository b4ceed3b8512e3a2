package halftone.model;

import java.util.List;
import java.util.SequencedMap;

/// What stands before the tensors of a file.
///
/// @param dataStart byte of the file at which the first tensor stands
record GgufHeader(
    int version,
    SequencedMap<String, GgufValue> metadata,
    List<Entry> entries,
    int alignment,
    long dataStart) {
  /// One line of the tensor table. `offset` counts from the data start; `bytes` is without padding.
  record Entry(TensorInfo info, long offset, long bytes) {}

  /// The next multiple of `alignment`, a power of two.
  static long align(long position, int alignment) {
    return Math.addExact(position, alignment - 1L) & -alignment;
  }
}
