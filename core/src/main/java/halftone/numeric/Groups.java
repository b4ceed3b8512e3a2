package halftone.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Groups of weights whose scales are searched together, and what the search found. In native
/// memory, where vectors lie in whole lines of the cache, and which machine code can be pointed to.
public final class Groups {
  /// Results of so many groups lie together, scale behind scale, then mins, inverses and bases.
  /// There is room for a multiple of it: as many as the widest vectors have lanes.
  public static final int TOGETHER = 16;

  /// Bytes from one kind of result to the next.
  public static final int KIND = TOGETHER * Float.BYTES;

  /// Where each kind begins.
  public static final int SCALE = 0;

  public static final int MIN = KIND;
  public static final int INVERSE = 2 * KIND;
  public static final int BASE = 3 * KIND;

  /// Bytes of the results that lie together.
  public static final int RESULTS = 4 * KIND;

  private static final int LINE = 64;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final int elements;
  private final int count;
  private final MemorySegment x;
  private final MemorySegment w;
  private final MemorySegment found;
  private final float[] results;
  private MemorySegment room = MemorySegment.NULL;

  /// Groups of `elements` weights each, all zero.
  public Groups(int elements, int count) {
    this.elements = elements;
    this.count = count;
    Arena arena = Arena.ofAuto();
    long bytes = (long) padded() * elements * Float.BYTES;
    x = arena.allocate(bytes, LINE);
    w = arena.allocate(bytes, LINE);
    found = arena.allocate((long) padded() / TOGETHER * RESULTS, LINE);
    results = new float[padded() / TOGETHER * RESULTS / Float.BYTES];
  }

  /// The groups of `blocks`. The same memory serves them again: fresh memory would have to come
  /// through all caches.
  static Groups of(Block[] blocks) {
    int each = blocks[0].scales.length;
    Groups groups = blocks[0].groups;
    if (groups == null) {
      groups = new Groups(blocks[0].x.length / each, each * blocks.length);
      blocks[0].groups = groups;
    }
    for (int block = 0; block < blocks.length; block++) {
      groups.load(block * each, blocks[block].x, blocks[block].w);
    }
    return groups;
  }

  /// Takes over weights, and what each counts in the sum of squares, of the groups from `first` on.
  public void load(int first, float[] weights, float[] counts) {
    long at = (long) first * elements * Float.BYTES;
    MemorySegment.copy(weights, 0, x, FLOAT, at, weights.length);
    MemorySegment.copy(counts, 0, w, FLOAT, at, counts.length);
  }

  /// Weights in a group.
  public int elements() {
    return elements;
  }

  /// How many groups.
  public int count() {
    return count;
  }

  /// Groups with the zeros behind them that make a multiple of [#TOGETHER].
  public int padded() {
    return Math.ceilDiv(count, TOGETHER) * TOGETHER;
  }

  /// Weights, group behind group.
  public MemorySegment x() {
    return x;
  }

  /// What each counts in the sum of squares.
  public MemorySegment w() {
    return w;
  }

  /// The results.
  public MemorySegment found() {
    return found;
  }

  /// Memory for whoever searches, of at least so many bytes; the same every time.
  public MemorySegment room(long bytes) {
    if (room.byteSize() < bytes) {
      room = Arena.ofAuto().allocate(bytes, LINE);
    }
    return room;
  }

  /// Where in the results a kind begins for the groups from `group` on, in bytes.
  public static long place(int group, int kind) {
    return (long) (group / TOGETHER) * RESULTS + kind + group % TOGETHER * (long) Float.BYTES;
  }

  void set(int group, int kind, float value) {
    found.set(FLOAT, place(group, kind), value);
  }

  /// Gives the blocks their groups' scales and mins, and what makes the codes of the search: the
  /// nearest to (x − base) · inverse.
  void scatter(Block[] blocks) {
    // An array: reading memory of its own kind number by number takes long before it is compiled.
    MemorySegment.copy(found, FLOAT, 0, results, 0, results.length);
    int group = 0;
    for (Block b : blocks) {
      for (int g = 0; g < b.scales.length; g++, group++) {
        int at = (int) (place(group, SCALE) / Float.BYTES);
        b.scales[g] = results[at];
        b.mins[g] = results[at + MIN / Float.BYTES];
        b.inverses[g] = results[at + INVERSE / Float.BYTES];
        b.bases[g] = results[at + BASE / Float.BYTES];
      }
    }
  }
}
