package halftone.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/// Arrays that are done with, by length, to be used again: a block of 2,048 tokens would otherwise
/// leave 100 MB to the collector. Their elements have four bytes. Not safe for concurrent use.
final class Buffers<A> {
  private static final long ELEMENT = 4;

  private final Map<Integer, Deque<A>> free = new HashMap<>();
  private final IntFunction<A> make;
  private final ToIntFunction<A> length;
  private long bytes;
  private long mostBytes;

  private Buffers(IntFunction<A> make, ToIntFunction<A> length) {
    this.make = make;
    this.length = length;
  }

  static Buffers<float[]> ofFloats() {
    return new Buffers<>(float[]::new, array -> array.length);
  }

  static Buffers<int[]> ofInts() {
    return new Buffers<>(int[]::new, array -> array.length);
  }

  /// An array of any content.
  A take(int count) {
    Deque<A> known = free.get(count);
    if (known != null && !known.isEmpty()) {
      return known.pop();
    }
    bytes += count * ELEMENT;
    mostBytes = Math.max(mostBytes, bytes);
    return make.apply(count);
  }

  /// Gives back an array that nobody reads any more.
  void give(A array) {
    free.computeIfAbsent(length.applyAsInt(array), each -> new ArrayDeque<>()).push(array);
  }

  /// Lets go of all arrays that were given back: the next batch has other lengths.
  void clear() {
    free.forEach((count, arrays) -> bytes -= arrays.size() * count * ELEMENT);
    free.clear();
  }

  /// Bytes of all arrays at the time there were most, whether taken or given back.
  long mostBytes() {
    return mostBytes;
  }
}
