package halftone.huggingface;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Scores of SentencePiece's pieces, recovered from the list of merges that a `tokenizer.json`
/// holds instead.
///
/// The list is sorted by the score of what a merge makes, the best first, so a piece that the n-th
/// different merge makes gets −n: the order, all that merging asks for, is that of the original
/// scores. Pieces that no merge makes follow in the order of their ids.
final class MergeScores {
  private final Map<String, Integer> ranks = new HashMap<>();

  /// @param merges pairs as `left right`
  MergeScores(List<String> merges) {
    for (String merge : merges) {
      int cut = merge.indexOf(' ', 1);
      ranks.putIfAbsent(merge.substring(0, cut) + merge.substring(cut + 1), ranks.size());
    }
  }

  float of(String piece, int id) {
    Integer rank = ranks.get(piece);
    return rank == null ? -(float) (ranks.size() + id) : -(float) rank;
  }
}
