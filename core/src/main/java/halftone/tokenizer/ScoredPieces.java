package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.util.Arrays;
import java.util.Map;

/// The pieces of a SentencePiece vocabulary in the order of merging.
///
/// @param ranks for every id the rank of its score: 0 for the highest, equal for equal scores
/// @param longest characters of the longest piece
record ScoredPieces(Map<String, Integer> ids, int[] ranks, int longest) {
  private static final String SCORES = "tokenizer.ggml.scores";

  static ScoredPieces of(Metadata metadata, Vocabulary vocabulary) {
    float[] scores = metadata.floats(SCORES);
    if (scores.length != vocabulary.pieces().size()) {
      throw new MalformedFileException(
          metadata.source(),
          SCORES,
          scores.length + " scores",
          "there are " + vocabulary.pieces().size() + " tokens, and each needs one");
    }
    return new ScoredPieces(vocabulary.ids(), ranks(metadata, scores), vocabulary.longest());
  }

  private static int[] ranks(Metadata metadata, float[] scores) {
    float[] sorted = new float[scores.length];
    for (int id = 0; id < scores.length; id++) {
      if (Float.isNaN(scores[id])) {
        throw new MalformedFileException(
            metadata.source(), SCORES + "[" + id + "]", "NaN", "a score is a number");
      }
      // Zero and its negative are equal scores, but not to the sort.
      sorted[id] = -scores[id] + 0f;
    }
    float[] descending = sorted.clone();
    Arrays.sort(descending);
    int[] ranks = new int[scores.length];
    for (int id = 0; id < ranks.length; id++) {
      ranks[id] = firstOf(descending, sorted[id]);
    }
    return ranks;
  }

  /// Where a value that is there stands first: the rank that equal scores share.
  private static int firstOf(float[] ascending, float value) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Rank of a piece, or [SymbolMerger#NONE] when the text is none.
  int rank(String text) {
    Integer id = ids.get(text);
    return id == null ? SymbolMerger.NONE : ranks[id];
  }
}
