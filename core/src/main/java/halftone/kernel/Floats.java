package halftone.kernel;

import java.lang.foreign.MemorySegment;

/// An array of floats, and the same as machine code takes it: made once with the array, as a
/// segment for every call would be a new object for every row.
///
/// @param segment of the whole array
public record Floats(float[] array, MemorySegment segment) {
  public Floats(float[] array) {
    this(array, MemorySegment.ofArray(array));
  }
}
