package halftone.numeric;

/// A codebook's points, and for every point of the full lattice the entries the reference encoder considers for it.
///
/// A lattice point with levels l₀, l₁ … has the number Σ lⱼ·levelsʲ. Its entries are those at the `distances` smallest
/// distances (between odd numbers 2l + 1), ascending by distance, then by index; one alone where the point is an entry.
///
/// @param points decoded magnitudes, position j of entry e at `e · arity + j`
/// @param odd the same entries as odd numbers 2l + 1
/// @param starts the entries of lattice point p are `neighbours[starts[p] … starts[p + 1] − 1]`
record GridTables(byte[] points, float[] odd, int[] starts, short[] neighbours) {
  static GridTables of(GridCodebook codebook, int distances) {
    int arity = codebook.arity();
    int levels = codebook.magnitudes().size();
    byte[] entries = codebook.readLevels();
    float[] odd = new float[entries.length];
    for (int i = 0; i < odd.length; i++) {
      odd[i] = 2 * entries[i] + 1;
    }
    int[] starts = new int[(int) Math.pow(levels, arity) + 1];
    short[] neighbours = new short[1 << 16];
    Ring ring = new Ring(entries, arity, levels);
    for (int point = 0; point < starts.length - 1; point++) {
      int end = ring.measure(point, distances);
      if (starts[point] + codebook.size() > neighbours.length) {
        neighbours = java.util.Arrays.copyOf(neighbours, 2 * neighbours.length);
      }
      starts[point + 1] = ring.collect(end, neighbours, starts[point]);
    }
    return new GridTables(
        codebook.readPoints(), odd, starts, java.util.Arrays.copyOf(neighbours, starts[starts.length - 1]));
  }

  /// Distances of all entries to one lattice point.
  private static final class Ring {
    private final byte[] entries;
    private final int arity;
    private final int levels;
    private final int[] squares;
    private final int[] counts;

    Ring(byte[] entries, int arity, int levels) {
      this.entries = entries;
      this.arity = arity;
      this.levels = levels;
      this.squares = new int[entries.length / arity];
      this.counts = new int[arity * (levels - 1) * (levels - 1) + 1];
    }

    /// Measures `point` and returns the `distances`-th smallest squared distance, or 0 for an entry itself.
    int measure(int point, int distances) {
      java.util.Arrays.fill(counts, 0);
      for (int entry = 0; entry < squares.length; entry++) {
        int square = 0;
        int rest = point;
        for (int j = 0; j < arity; j++, rest /= levels) {
          int difference = entries[entry * arity + j] - rest % levels;
          square += difference * difference;
        }
        squares[entry] = square;
        counts[square]++;
      }
      return counts[0] > 0 ? 0 : nthDistance(distances);
    }

    private int nthDistance(int distances) {
      int left = distances;
      for (int square = 0; square < counts.length; square++) {
        left -= counts[square] > 0 ? 1 : 0;
        if (left == 0) {
          return square;
        }
      }
      return counts.length - 1;
    }

    /// Appends the entries up to squared distance `end`, the nearest first.
    int collect(int end, short[] neighbours, int at) {
      int next = at;
      for (int square = 0; square <= end; square++) {
        for (int entry = 0; counts[square] > 0 && entry < squares.length; entry++) {
          if (squares[entry] == square) {
            neighbours[next++] = (short) entry;
          }
        }
      }
      return next;
    }
  }
}
