package halftone.tokenizer;

import java.util.Arrays;

/// Which two neighbouring tokens merge, in which order of preference, and into what. An
/// open-addressing table from the pair of ids, as one long, to rank and result: a lookup allocates
/// nothing.
final class MergeTable {
  /// The rank of a pair that does not merge.
  static final int NONE = SymbolMerger.NONE;

  private static final long EMPTY = -1;

  private final long[] pairs;
  private final int[] ranks;
  private final int[] results;

  MergeTable(int capacity) {
    int size = Math.max(16, Integer.highestOneBit(Math.max(1, capacity)) << 2);
    pairs = new long[size];
    ranks = new int[size];
    results = new int[size];
    Arrays.fill(pairs, EMPTY);
  }

  /// Adds a merge; a pair that is already there keeps its earlier, lower rank.
  void add(int left, int right, int rank, int result) {
    long pair = pair(left, right);
    int slot = slot(pair);
    if (pairs[slot] == EMPTY) {
      pairs[slot] = pair;
      ranks[slot] = rank;
      results[slot] = result;
    }
  }

  /// The pair's rank, lower merging first, or [#NONE].
  int rank(int left, int right) {
    long pair = pair(left, right);
    int slot = slot(pair);
    return pairs[slot] == pair ? ranks[slot] : NONE;
  }

  /// The token that a pair with a rank merges into.
  int result(int left, int right) {
    return results[slot(pair(left, right))];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private int slot(long pair) {
    int mask = pairs.length - 1;
    long mixed = pair * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (pairs[slot] != EMPTY && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
