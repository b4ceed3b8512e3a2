package halftone.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Merges the characters of a text into the pieces of highest score: any two neighbours that form a
/// piece may merge.
final class ScoreMerger extends SymbolMerger {
  private final ScoredPieces pieces;
  private final String text;

  /// Where every symbol starts, and the text ends.
  private final int[] starts;

  private ScoreMerger(ScoredPieces pieces, String text, int[] starts) {
    super(starts.length - 1);
    this.pieces = pieces;
    this.text = text;
    this.starts = starts;
  }

  /// Cuts a text into pieces, and characters that are in none.
  static List<String> cut(ScoredPieces pieces, String text) {
    ScoreMerger merger = new ScoreMerger(pieces, text, starts(text));
    merger.run();
    return merger.symbols();
  }

  private static int[] starts(String text) {
    int[] starts = new int[text.codePointCount(0, text.length()) + 1];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = text.offsetByCodePoints(starts[i - 1], 1);
    }
    return starts;
  }

  private List<String> symbols() {
    List<String> symbols = new ArrayList<>();
    for (int i = 0; i < starts.length - 1; i = next(i)) {
      symbols.add(text.substring(starts[i], starts[next(i)]));
    }
    return symbols;
  }

  @Override
  int rank(int left, int right) {
    int from = starts[left];
    int to = starts[next(right)];
    return to - from > pieces.longest() ? NONE : pieces.rank(text.substring(from, to));
  }

  @Override
  void join(int left, int right) {
    // A symbol ends where the next one starts, which the base class knows.
  }
}
