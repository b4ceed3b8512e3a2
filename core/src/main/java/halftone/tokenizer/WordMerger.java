package halftone.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;

/// Merges the tokens of one word: again and again the pair of lowest rank, the leftmost of equals,
/// until no neighbours merge. O(n log n), so that a megabyte without a space is no trap.
final class WordMerger {
  private static final int GONE = -1;

  private final MergeTable merges;
  private final int[] ids;
  private final int[] next;
  private final int[] previous;

  /// Candidate merges as `rank << 32 | position of the left token`: their natural order is the
  /// order of merging.
  private final PriorityQueue<Long> queue = new PriorityQueue<>();

  private WordMerger(MergeTable merges, int[] ids) {
    this.merges = merges;
    this.ids = ids;
    next = new int[ids.length];
    previous = new int[ids.length];
    Arrays.setAll(next, i -> i + 1);
    Arrays.setAll(previous, i -> i - 1);
  }

  /// The merged tokens of a word given as one token a byte; the argument is overwritten.
  static int[] merge(MergeTable merges, int[] ids) {
    return new WordMerger(merges, ids).run();
  }

  private int[] run() {
    for (int i = 0; i + 1 < ids.length; i++) {
      propose(i);
    }
    for (Long best = queue.poll(); best != null; best = queue.poll()) {
      int left = best.intValue();
      if (rankAt(left) == (int) (best >> 32)) {
        join(left);
      }
    }
    return Arrays.stream(ids).filter(id -> id != GONE).toArray();
  }

  /// The rank of a token and its neighbour now; a candidate that no longer has its rank is out of
  /// date.
  private int rankAt(int left) {
    if (left < 0 || ids[left] == GONE || next[left] == ids.length) {
      return MergeTable.NONE;
    }
    return merges.rank(ids[left], ids[next[left]]);
  }

  private void propose(int left) {
    int rank = rankAt(left);
    if (rank != MergeTable.NONE) {
      queue.add((long) rank << 32 | left);
    }
  }

  private void join(int left) {
    int right = next[left];
    ids[left] = merges.result(ids[left], ids[right]);
    ids[right] = GONE;
    next[left] = next[right];
    if (next[left] < ids.length) {
      previous[next[left]] = left;
    }
    propose(left);
    propose(previous[left]);
  }
}
