package halftone.allocation;

import java.util.Arrays;

/// Merges runs of states, each sorted already, into one order.
final class SortedRuns {
  private SortedRuns() {}

  /// @param ends end of each run; the first run starts at 0
  /// @return the rows in ascending order, equal ones as they came
  static int[] merge(States states, int[] ends) {
    int[] rows = new int[states.size()];
    Arrays.setAll(rows, i -> i);
    int[] into = new int[rows.length];
    int[] bounds = ends;
    while (bounds.length > 1) {
      int[] merged = new int[(bounds.length + 1) / 2];
      int from = 0;
      for (int run = 0; run < bounds.length; run += 2) {
        int middle = bounds[run];
        int to = run + 1 < bounds.length ? bounds[run + 1] : middle;
        merge(states, rows, from, middle, to, into);
        merged[run / 2] = to;
        from = to;
      }
      int[] swap = rows;
      rows = into;
      into = swap;
      bounds = merged;
    }
    return rows;
  }

  private static void merge(States states, int[] rows, int from, int middle, int to, int[] into) {
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeLeft =
          left < middle && (right >= to || states.compare(rows[left], rows[right]) <= 0);
      into[at] = takeLeft ? rows[left++] : rows[right++];
    }
  }
}
