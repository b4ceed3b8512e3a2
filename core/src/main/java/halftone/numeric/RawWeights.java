package halftone.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Neighbouring weights as they lie in an array, for machine code.
///
/// @param areHalves binary16 instead of floats
public record RawWeights(MemorySegment memory, boolean areHalves) {
  /// Floats from index `at` on.
  public static RawWeights of(float[] weights, int at) {
    return new RawWeights(MemorySegment.ofArray(weights).asSlice((long) at * Float.BYTES), false);
  }

  /// Numbers in binary16.
  public static RawWeights of(short[] halves) {
    return new RawWeights(MemorySegment.ofArray(halves), true);
  }

  /// Bytes of a weight.
  public int bytes() {
    return areHalves ? Short.BYTES : Float.BYTES;
  }

  /// The memory of `count` weights from the one at `first` on.
  ///
  /// @throws IndexOutOfBoundsException when there are not as many
  public MemorySegment slice(int first, int count) {
    return memory.asSlice((long) first * bytes(), (long) count * bytes());
  }

  /// So many weights from the one at `first` on.
  float[] floats(int first, int count) {
    MemorySegment some = slice(first, count);
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] =
          areHalves
              ? Float.float16ToFloat(some.getAtIndex(ValueLayout.JAVA_SHORT, i))
              : some.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return floats;
  }
}
