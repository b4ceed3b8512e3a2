package halftone.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The neighbours of all lattice points, eight side by side: the first positions of eight entries,
/// their second ones, and so on, as odd numbers. The last entry of a point is repeated to fill its
/// eights.
///
/// @param arity positions of an entry
/// @param odds by eights, a byte each, in native memory
/// @param starts the eights of point p are `starts[p] … starts[p + 1] − 1`
public record NeighbourLanes(int arity, MemorySegment odds, int[] starts) {
  /// Entries side by side.
  public static final int WIDTH = 8;

  private static final int LINE = 64;

  /// Of odd numbers in the heap.
  public static NeighbourLanes of(int arity, byte[] odds, int[] starts) {
    MemorySegment memory = Arena.ofAuto().allocate(odds.length, LINE);
    MemorySegment.copy(odds, 0, memory, ValueLayout.JAVA_BYTE, 0, odds.length);
    return new NeighbourLanes(arity, memory, starts);
  }

  /// The first of a point's eights.
  public int first(int point) {
    return starts[point];
  }

  /// How many a point has.
  public int eights(int point) {
    return starts[point + 1] - starts[point];
  }

  /// Where position j of one of a point's neighbours stands.
  public long at(int point, int place, int j) {
    long eight = starts[point] + place / WIDTH;
    return (eight * arity + j) * WIDTH + place % WIDTH;
  }

  /// @param odd position j of entry e at `e · arity + j`
  static NeighbourLanes of(float[] odd, int arity, int[] firsts, short[] neighbours) {
    int[] starts = new int[firsts.length];
    for (int point = 0; point < firsts.length - 1; point++) {
      starts[point + 1] = starts[point] + Math.ceilDiv(firsts[point + 1] - firsts[point], WIDTH);
    }
    byte[] odds = new byte[starts[firsts.length - 1] * arity * WIDTH];
    for (int point = 0; point < firsts.length - 1; point++) {
      for (int lane = 0; lane < (starts[point + 1] - starts[point]) * WIDTH; lane++) {
        int entry = neighbours[Math.min(firsts[point] + lane, firsts[point + 1] - 1)];
        int to = (starts[point] + lane / WIDTH) * arity * WIDTH + lane % WIDTH;
        for (int j = 0; j < arity; j++) {
          odds[to + j * WIDTH] = (byte) odd[entry * arity + j];
        }
      }
    }
    return of(arity, odds, starts);
  }
}
