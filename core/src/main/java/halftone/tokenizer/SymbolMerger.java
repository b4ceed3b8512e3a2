package halftone.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;

/// Merges neighbouring symbols of a text: again and again the pair of lowest rank, the leftmost of
/// equals, until no neighbours merge. O(n log n), so that a megabyte without a space is no trap.
///
/// A symbol is named by its first position; what it is, the subclass knows.
abstract class SymbolMerger {
  /// The rank of a pair that does not merge.
  static final int NONE = Integer.MAX_VALUE;

  private final int[] next;
  private final int[] previous;

  /// Rank of every symbol with its neighbour, as it is now.
  private final int[] ranks;

  /// Candidate merges as `rank << 32 | position of the left symbol`: their natural order is the
  /// order of merging.
  private final PriorityQueue<Long> queue = new PriorityQueue<>();

  SymbolMerger(int size) {
    next = new int[size];
    previous = new int[size];
    ranks = new int[size];
    Arrays.setAll(next, i -> i + 1);
    Arrays.setAll(previous, i -> i - 1);
  }

  /// Rank of two neighbours, lower merging first, or [#NONE].
  abstract int rank(int left, int right);

  /// The left symbol takes in the right one, which is then gone.
  abstract void join(int left, int right);

  final void run() {
    for (int i = 0; i + 1 < next.length; i++) {
      propose(i);
    }
    for (Long best = queue.poll(); best != null; best = queue.poll()) {
      int left = best.intValue();
      // A candidate that no longer has its rank is out of date.
      if (ranks[left] == (int) (best >> 32)) {
        merge(left);
      }
    }
  }

  /// Position of the symbol after this one; the number of positions when it is the last.
  final int next(int symbol) {
    return next[symbol];
  }

  private void propose(int left) {
    ranks[left] = next[left] < next.length ? rank(left, next[left]) : NONE;
    if (ranks[left] != NONE) {
      queue.add((long) ranks[left] << 32 | left);
    }
  }

  private void merge(int left) {
    int right = next[left];
    join(left, right);
    next[left] = next[right];
    ranks[right] = NONE;
    if (next[left] < next.length) {
      previous[next[left]] = left;
    }
    propose(left);
    if (previous[left] >= 0) {
      propose(previous[left]);
    }
  }
}
