package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import halftone.numeric.NeighbourLanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where machine code finds a lattice point's neighbours: for each point the address of its first
/// eight, how many eights there are, and the address of its neighbours' odd numbers one behind the
/// other, 64 bits each.
///
/// @param memory of the table; `rows` is what it points to
record GridLists(MemorySegment memory, MemorySegment rows) {
  static final int FIRST = 0;
  static final int EIGHTS = 8;
  static final int ROWS = 16;

  /// A point's number by so many bits to the left is its place in the table.
  static final int SHIFT = 5;

  private static final int LINE = 64;

  static GridLists of(NeighbourLanes lanes) {
    int points = lanes.starts().length - 1;
    int arity = lanes.arity();
    MemorySegment memory = Arena.ofAuto().allocate((long) points << SHIFT, LINE);
    // As many bytes as by eights; the last row is read with what would be behind it.
    MemorySegment rows = Arena.ofAuto().allocate(lanes.odds().byteSize() + LINE, LINE);
    for (int point = 0; point < points; point++) {
      long at = (long) point << SHIFT;
      long first = (long) lanes.first(point) * NeighbourLanes.WIDTH * arity;
      memory.set(JAVA_LONG, at + FIRST, lanes.odds().address() + first);
      memory.set(JAVA_LONG, at + EIGHTS, lanes.eights(point));
      memory.set(JAVA_LONG, at + ROWS, rows.address() + first);
      for (int place = 0; place < lanes.eights(point) * NeighbourLanes.WIDTH; place++) {
        for (int j = 0; j < arity; j++) {
          byte odd = lanes.odds().get(JAVA_BYTE, lanes.at(point, place, j));
          rows.set(JAVA_BYTE, first + (long) place * arity + j, odd);
        }
      }
    }
    return new GridLists(memory, rows);
  }
}
