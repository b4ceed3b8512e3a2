package halftone.kvcache;

import halftone.kernel.Attention;
import halftone.kernel.QueryGroup;

/// Keys and values of one layer and one sequence. Positions are those of the sequence; what is
/// outside every future query's window may be gone. Attention is computed on the stored bytes.
public interface LayerCache extends Attention.KeyValues {
  /// Key-value heads.
  int heads();

  /// Makes room for the next positions, which are to be [#put] for every head.
  void extend(int count);

  /// Stores the last `count` positions of a head: what rows `row … row + count − 1` of `keys` and
  /// `values` hold for it, each of key-value heads × head size. Heads may be stored by several
  /// threads.
  ///
  /// @throws ArithmeticException when a number does not fit the format
  void put(int head, float[] keys, float[] values, int row, int count);

  /// Stores the next positions of all heads.
  ///
  /// @throws ArithmeticException when a number does not fit the format
  default void append(float[] keys, float[] values, int row, int count) {
    extend(count);
    for (int head = 0; head < heads(); head++) {
      put(head, keys, values, row, count);
    }
  }

  /// Positions stored so far, forgotten ones too.
  int length();

  /// The first position that is still held.
  int first();

  /// Products of queries with the keys of a key-value head at all positions held; the score of
  /// position p is number p − [#first] of its query's.
  ///
  /// @param queries with room for the scores of [#length] − [#first] positions
  void scores(int head, QueryGroup queries);

  /// Adds Σ score · value over the positions from `from` on to the mixed values of each query.
  void mix(int head, QueryGroup queries, int from);

  /// Bytes that it holds now.
  long bytes();
}
