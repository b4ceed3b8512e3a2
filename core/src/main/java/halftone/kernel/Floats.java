package halftone.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// An array of floats, and the same as machine code takes it: made once with the array, as a
/// segment for every call would be a new object for every row.
///
/// @param segment of the whole array
public record Floats(float[] array, MemorySegment segment) {
  public Floats(float[] array) {
    this(array, MemorySegment.ofArray(array));
  }

  /// Looks that a range lies in the array, as machine code does not.
  ///
  /// @throws IndexOutOfBoundsException when it does not
  public void require(int at, int count) {
    Objects.checkFromIndexSize(at, count, array.length);
  }
}
