package halftone.tokenizer;

import java.util.Arrays;

/// Merges the tokens of one word by the ranks of a [MergeTable].
final class WordMerger extends SymbolMerger {
  private static final int GONE = -1;

  private final MergeTable merges;
  private final int[] ids;

  private WordMerger(MergeTable merges, int[] ids) {
    super(ids.length);
    this.merges = merges;
    this.ids = ids;
  }

  /// The merged tokens of a word given as one token a byte; the argument is overwritten.
  static int[] merge(MergeTable merges, int[] ids) {
    new WordMerger(merges, ids).run();
    return Arrays.stream(ids).filter(id -> id != GONE).toArray();
  }

  @Override
  int rank(int left, int right) {
    return merges.rank(ids[left], ids[right]);
  }

  @Override
  void join(int left, int right) {
    ids[left] = merges.result(ids[left], ids[right]);
    ids[right] = GONE;
  }
}
