package halftone.numeric;

import java.util.Arrays;

/// For every point of the full lattice, the codebook entries the reference encoder considers for
/// it.
///
/// A lattice point with levels l₀, l₁ … has the number Σ lⱼ·levelsʲ. Its entries are those at the
/// `distances` smallest distances, ascending by distance, then by index; where the point is itself
/// an entry, that entry alone.
///
/// @param odd position j of entry e as the odd number 2l + 1, at `e · arity + j`
/// @param isEntry whether point p is an entry
/// @param starts the entries of lattice point p are `neighbours[starts[p] … starts[p + 1] − 1]`
/// @param lanes the same entries side by side
record GridNeighbours(
    float[] odd, boolean[] isEntry, int[] starts, short[] neighbours, NeighbourLanes lanes) {
  static GridNeighbours of(GridCodebook codebook, int distances) {
    int levels = codebook.magnitudes().size();
    byte[] entries = codebook.readLevels();
    float[] odd = new float[entries.length];
    for (int i = 0; i < odd.length; i++) {
      odd[i] = 2 * entries[i] + 1;
    }
    boolean[] isEntry = new boolean[(int) Math.pow(levels, codebook.arity())];
    int[] starts = new int[isEntry.length + 1];
    short[] neighbours = new short[1 << 16];
    Distances ring = new Distances(entries, codebook.arity(), levels);
    for (int point = 0; point < isEntry.length; point++) {
      ring.measure(point);
      isEntry[point] = ring.counts[0] > 0;
      if (starts[point] + codebook.size() > neighbours.length) {
        neighbours = Arrays.copyOf(neighbours, 2 * neighbours.length);
      }
      starts[point + 1] = ring.collect(isEntry[point] ? 1 : distances, neighbours, starts[point]);
    }
    neighbours = Arrays.copyOf(neighbours, starts[isEntry.length]);
    NeighbourLanes lanes = NeighbourLanes.of(odd, codebook.arity(), starts, neighbours);
    return new GridNeighbours(odd, isEntry, starts, neighbours, lanes);
  }

  /// Squared distances, in levels, of all entries to one lattice point.
  private static final class Distances {
    private final byte[] entries;
    private final int arity;
    private final int levels;
    private final int[] point;
    private final int[] squares;
    private final int[] counts;

    Distances(byte[] entries, int arity, int levels) {
      this.entries = entries;
      this.arity = arity;
      this.levels = levels;
      this.point = new int[arity];
      this.squares = new int[entries.length / arity];
      this.counts = new int[arity * (levels - 1) * (levels - 1) + 1];
    }

    void measure(int number) {
      int rest = number;
      for (int j = 0; j < arity; j++, rest /= levels) {
        point[j] = rest % levels;
      }
      Arrays.fill(counts, 0);
      for (int entry = 0; entry < squares.length; entry++) {
        int square = 0;
        for (int j = 0; j < arity; j++) {
          int difference = entries[entry * arity + j] - point[j];
          square += difference * difference;
        }
        squares[entry] = square;
        counts[square]++;
      }
    }

    /// Writes the entries at the `distances` smallest distances, the nearest first, from
    /// `neighbours[at]`, and returns where they end.
    int collect(int distances, short[] neighbours, int at) {
      int next = at;
      int left = distances;
      for (int square = 0; left > 0 && square < counts.length; square++) {
        if (counts[square] > 0) {
          left--;
          next = collectAt(square, neighbours, next);
        }
      }
      return next;
    }

    private int collectAt(int square, short[] neighbours, int at) {
      int next = at;
      for (int entry = 0; entry < squares.length; entry++) {
        if (squares[entry] == square) {
          neighbours[next++] = (short) entry;
        }
      }
      return next;
    }
  }
}
