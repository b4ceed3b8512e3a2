package halftone.tokenizer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// How often each pair of neighbouring tokens stands in the words of a text, and in which words.
final class PairCounts {
  /// Hears of a pair.
  interface Visitor {
    void visit(int left, int right, long count);
  }

  /// A pair's occurrences over all words.
  private static final class Tally {
    private long count;

    /// Indices of the words that have, or once had, the pair.
    private final Set<Integer> words = new TreeSet<>();
  }

  private final Map<Long, Tally> tallies = new HashMap<>();

  /// Counts the pairs of a word.
  void add(BpeTrainer.Word word, int index) {
    for (int i = 0; i + 1 < word.length(); i++) {
      Tally tally =
          tallies.computeIfAbsent(pair(word.token(i), word.token(i + 1)), _ -> new Tally());
      tally.count += word.count();
      tally.words.add(index);
    }
  }

  long count(int left, int right) {
    Tally tally = tallies.get(pair(left, right));
    return tally == null ? 0 : tally.count;
  }

  /// Indices of words that may have a pair, ascending; a copy.
  Set<Integer> words(int left, int right) {
    Tally tally = tallies.get(pair(left, right));
    return tally == null ? Set.of() : new TreeSet<>(tally.words);
  }

  /// Every pair once, in no particular order.
  void forEach(Visitor visitor) {
    tallies.forEach((pair, tally) -> visit(pair, tally, visitor));
  }

  private static void visit(long pair, Tally tally, Visitor visitor) {
    visitor.visit((int) (pair >> 32), (int) pair, tally.count);
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  /// Starts a change of several words.
  Changes changes() {
    return new Changes();
  }

  /// Words taken out and put back otherwise.
  final class Changes {
    private final Map<Long, Long> before = new HashMap<>();

    void remove(BpeTrainer.Word word) {
      for (int i = 0; i + 1 < word.length(); i++) {
        long pair = pair(word.token(i), word.token(i + 1));
        Tally tally = tallies.get(pair);
        if (tally != null) {
          before.putIfAbsent(pair, tally.count);
          tally.count -= word.count();
        }
      }
    }

    void add(BpeTrainer.Word word, int index) {
      for (int i = 0; i + 1 < word.length(); i++) {
        long pair = pair(word.token(i), word.token(i + 1));
        before.putIfAbsent(pair, count(word.token(i), word.token(i + 1)));
      }
      PairCounts.this.add(word, index);
    }

    /// The pairs that are more frequent than before; the others need no new place in a queue that
    /// is checked when polled.
    void forEachRaised(Visitor visitor) {
      before.forEach(
          (pair, count) -> {
            Tally tally = tallies.get(pair);
            if (tally != null && tally.count > count) {
              visit(pair, tally, visitor);
            }
          });
    }
  }
}
