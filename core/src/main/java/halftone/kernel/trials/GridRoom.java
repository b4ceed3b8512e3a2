package halftone.kernel.trials;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import halftone.numeric.GridSubject;
import halftone.numeric.NeighbourLanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The memory that the code of [GridEmitter] works in: constants, the numbers of a group, and what
/// the trials find. Places are in bytes.
final class GridRoom {
  static final int VECTOR = NeighbourLanes.WIDTH * Float.BYTES;

  /// Room for a number of each trial, or of each weight of a group.
  static final int TRIALS = 4 * VECTOR;

  // Constants, a vector each: the lanes' numbers, how many there are, the largest integer; what
  // levels are rounded with.
  static final int LANES = 0;
  static final int WIDTH = VECTOR;
  static final int LARGEST = 2 * VECTOR;
  static final int HALF = 3 * VECTOR;
  static final int ONE = 4 * VECTOR;
  static final int ROUNDER = 5 * VECTOR;
  static final int TOP = 6 * VECTOR;
  static final int LEVELS = 7 * VECTOR;

  // The group's numbers, and the trials'.
  static final int MAGNITUDES = 8 * VECTOR;
  static final int WEIGHTS = MAGNITUDES + TRIALS;
  static final int ROOTS = WEIGHTS + TRIALS;
  static final int INVERSES = ROOTS + TRIALS;
  static final int OFFSETS = INVERSES + TRIALS;
  static final int SCALES = OFFSETS + TRIALS;
  static final int XQ = SCALES + TRIALS;
  static final int QQ = XQ + TRIALS;

  /// Where the neighbour that a trial took stands among its point's, in bytes.
  static final int TAKEN = QQ + TRIALS;

  /// The entry's magnitudes and root weights by turns, each in all lanes.
  static final int SPREAD = TAKEN + TRIALS;

  private static final int LARGEST_ARITY = 8;
  private static final int MOST_ENTRIES = 8;

  /// Odd numbers of what each trial took, with room for a vector behind the last.
  static final int ROWS = SPREAD + 2 * LARGEST_ARITY * VECTOR;

  /// Points and places: of each entry in each trial.
  static final int POINTS = ROWS + LARGEST_ARITY * TRIALS + VECTOR;

  static final int PLACES = POINTS + MOST_ENTRIES * TRIALS;
  private static final int BYTES = PLACES + MOST_ENTRIES * TRIALS + VECTOR;

  private static final int LINE = 64;

  private final GridSubject subject;
  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, LINE);

  GridRoom(GridSubject subject) {
    int trials = subject.scales().length;
    int weights = subject.magnitudes().length;
    if (Math.max(trials, weights) * Float.BYTES > TRIALS || subject.entries() > MOST_ENTRIES) {
      throw new IllegalArgumentException(weights + " weights in " + trials + " trials");
    }
    this.subject = subject;
    fill(LARGEST, Integer.MAX_VALUE);
    fill(WIDTH, NeighbourLanes.WIDTH);
    fill(HALF, Float.floatToRawIntBits(0.5f));
    fill(ONE, Float.floatToRawIntBits(1));
    fill(ROUNDER, Float.floatToRawIntBits(VectorTrials.MAGIC));
    fill(TOP, Float.floatToRawIntBits(subject.levels() - 1));
    fill(LEVELS, Float.floatToRawIntBits(subject.levels()));
    for (int lane = 0; lane < NeighbourLanes.WIDTH; lane++) {
      memory.set(JAVA_INT, LANES + (long) lane * Integer.BYTES, lane);
    }
  }

  private void fill(int at, int bits) {
    for (int lane = 0; lane < NeighbourLanes.WIDTH; lane++) {
      memory.set(JAVA_INT, at + (long) lane * Integer.BYTES, bits);
    }
  }

  /// Takes over the subject's numbers as they are now.
  void load() {
    copy(subject.magnitudes(), MAGNITUDES);
    copy(subject.weights(), WEIGHTS);
    copy(subject.rootWeights(), ROOTS);
    copy(subject.inverses(), INVERSES);
    copy(subject.scales(), SCALES);
  }

  private void copy(float[] numbers, int to) {
    MemorySegment.copy(numbers, 0, memory, JAVA_FLOAT, to, numbers.length);
  }

  MemorySegment memory() {
    return memory;
  }

  float number(int kind, int trial) {
    return memory.get(JAVA_FLOAT, kind + (long) trial * Float.BYTES);
  }

  int choice(int kind, int entry, int trial) {
    return memory.get(JAVA_INT, kind + (long) entry * TRIALS + (long) trial * Integer.BYTES);
  }
}
