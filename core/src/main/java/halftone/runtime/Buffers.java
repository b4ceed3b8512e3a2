package halftone.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Arrays that are done with, by length, to be used again: a block of 2,048 tokens would otherwise
/// leave 100 MB to the collector. Not safe for concurrent use.
final class Buffers {
  private final Map<Integer, Deque<float[]>> free = new HashMap<>();

  /// An array of any content.
  float[] take(int length) {
    Deque<float[]> known = free.get(length);
    return known == null || known.isEmpty() ? new float[length] : known.pop();
  }

  /// Gives back an array that nobody reads any more.
  void give(float[] array) {
    free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
  }
}
