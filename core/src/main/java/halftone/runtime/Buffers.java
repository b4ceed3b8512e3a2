package halftone.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Arrays that are done with, by length, to be used again: a block of 2,048 tokens would otherwise
/// leave 100 MB to the collector. Not safe for concurrent use.
final class Buffers {
  private final Map<Integer, Deque<float[]>> free = new HashMap<>();
  private long bytes;
  private long mostBytes;

  /// An array of any content.
  float[] take(int length) {
    Deque<float[]> known = free.get(length);
    if (known != null && !known.isEmpty()) {
      return known.pop();
    }
    bytes += (long) length * Float.BYTES;
    mostBytes = Math.max(mostBytes, bytes);
    return new float[length];
  }

  /// Gives back an array that nobody reads any more.
  void give(float[] array) {
    free.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
  }

  /// Lets go of all arrays that were given back: the next batch has other lengths.
  void clear() {
    for (Deque<float[]> arrays : free.values()) {
      for (float[] array : arrays) {
        bytes -= (long) array.length * Float.BYTES;
      }
    }
    free.clear();
  }

  /// Bytes of all arrays at the time there were most, whether taken or given back.
  long mostBytes() {
    return mostBytes;
  }
}
