package halftone.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/// Arrays that are done with, by length, to be used again: a block of 2,048 tokens would otherwise
/// leave 100 MB to the collector, and every token a new place in memory. Their elements have four
/// bytes. Not safe for concurrent use.
///
/// @param <A> what holds an array
final class Buffers<A> {
  private static final long ELEMENT = 4;

  private final List<Shelf<A>> shelves = new ArrayList<>();
  private final IntFunction<A> make;
  private final ToIntFunction<A> length;
  private long bytes;
  private long mostBytes;

  /// Those of a length. There are a handful of lengths: to look through them is faster than to
  /// hash.
  private record Shelf<A>(int count, Deque<A> free) {}

  /// @param make holds a new array of a length
  /// @param length of the array that is held
  Buffers(IntFunction<A> make, ToIntFunction<A> length) {
    this.make = make;
    this.length = length;
  }

  /// An array of any content.
  A take(int count) {
    A known = shelf(count).free().poll();
    if (known != null) {
      return known;
    }
    bytes += count * ELEMENT;
    mostBytes = Math.max(mostBytes, bytes);
    return make.apply(count);
  }

  /// Gives back an array that nobody reads any more.
  void give(A array) {
    shelf(length.applyAsInt(array)).free().push(array);
  }

  private Shelf<A> shelf(int count) {
    for (int i = 0; i < shelves.size(); i++) {
      if (shelves.get(i).count() == count) {
        return shelves.get(i);
      }
    }
    Shelf<A> made = new Shelf<>(count, new ArrayDeque<>());
    shelves.add(made);
    return made;
  }

  /// Lets go of all arrays that were given back: the next batch has other lengths.
  void clear() {
    shelves.forEach(shelf -> bytes -= shelf.free().size() * shelf.count() * ELEMENT);
    shelves.clear();
  }

  /// Bytes of all arrays at the time there were most, whether taken or given back.
  long mostBytes() {
    return mostBytes;
  }
}
