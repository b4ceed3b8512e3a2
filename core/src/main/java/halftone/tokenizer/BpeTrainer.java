package halftone.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Learns a byte-level byte-pair vocabulary from text: starting from the 256 bytes, the pair of
/// neighbours that is most frequent inside words becomes a token, again and again.
///
/// Of equally frequent pairs the one whose left, then right token is older wins, so the same text
/// always gives the same vocabulary. Id 0 is `<|endoftext|>`, which begins and ends texts; 1 to 256
/// are the bytes in order; merges follow.
///
/// Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units"
/// (1508.07909), over bytes as in GPT-2.
public final class BpeTrainer {
  /// The token that begins and ends texts.
  public static final String END_OF_TEXT = "<|endoftext|>";

  /// A pair that occurs once saves nothing.
  private static final long LEAST_COUNT = 2;

  private static final int FIRST_BYTE = 1;

  /// A pair as it stood in the queue; out of date when its count has changed.
  private record Candidate(long count, int left, int right) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong((Candidate each) -> -each.count)
            .thenComparingInt(Candidate::left)
            .thenComparingInt(Candidate::right);
  }

  private final List<Word> words = new ArrayList<>();
  private final List<String> pieces = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final PairCounts pairs = new PairCounts();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);

  private BpeTrainer() {}

  /// Learns a vocabulary.
  ///
  /// @param preTokenizer how texts are cut into words, a value of `tokenizer.ggml.pre`
  /// @param size tokens of the vocabulary, more than 257
  /// @throws IllegalArgumentException for an unknown pre-tokenizer, a size that holds no merge, or
  ///   text in which too few pairs repeat
  public static TrainedVocabulary train(List<String> documents, String preTokenizer, int size) {
    PreTokenizer cutter =
        PreTokenizers.named(preTokenizer)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no pre-tokenizer \"%s\"; there are %s"
                            .formatted(preTokenizer, String.join(", ", PreTokenizers.names()))));
    if (size <= FIRST_BYTE + 256) {
      throw new IllegalArgumentException(
          "a vocabulary of %d tokens has no room beside the bytes; ask for more than %d"
              .formatted(size, FIRST_BYTE + 256));
    }
    BpeTrainer trainer = new BpeTrainer();
    trainer.start(documents, cutter);
    trainer.grow(size);
    return new TrainedVocabulary(preTokenizer, trainer.pieces, trainer.merges);
  }

  private void start(List<String> documents, PreTokenizer cutter) {
    addPiece(END_OF_TEXT);
    for (int value = 0; value < 256; value++) {
      addPiece(String.valueOf(ByteAlphabet.character(value)));
    }
    Map<String, Long> counts = new TreeMap<>();
    for (String document : documents) {
      cutter.words(document).forEach(word -> counts.merge(word, 1L, Long::sum));
    }
    counts.forEach(this::addWord);
    pairs.forEach((left, right, count) -> queue.add(new Candidate(count, left, right)));
  }

  private int addPiece(String piece) {
    pieces.add(piece);
    ids.put(piece, pieces.size() - 1);
    return pieces.size() - 1;
  }

  private void addWord(String text, long count) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[utf8.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = FIRST_BYTE + (utf8[i] & 0xFF);
    }
    Word word = new Word(tokens, count);
    words.add(word);
    pairs.add(word, words.size() - 1);
  }

  private void grow(int size) {
    while (pieces.size() < size) {
      Candidate best = queue.poll();
      if (best == null || best.count() < LEAST_COUNT) {
        throw new IllegalArgumentException(
            "the text repeats too little for %d tokens: %d are all it gives; ask for fewer or give more text"
                .formatted(size, pieces.size()));
      }
      long count = pairs.count(best.left(), best.right());
      if (count == best.count()) {
        merge(best.left(), best.right());
      } else if (count > 0) {
        queue.add(new Candidate(count, best.left(), best.right()));
      }
    }
  }

  /// Makes a pair one token wherever it stands. Two pairs may spell the same piece: then it keeps
  /// its id.
  private void merge(int left, int right) {
    String piece = pieces.get(left) + pieces.get(right);
    Integer known = ids.get(piece);
    int joined = known == null ? addPiece(piece) : known;
    merges.add(pieces.get(left) + " " + pieces.get(right));
    PairCounts.Changes changes = pairs.changes();
    for (int index : pairs.words(left, right)) {
      Word word = words.get(index);
      changes.remove(word);
      word.join(left, right, joined);
      changes.add(word, index);
    }
    changes.forEachRaised((l, r, count) -> queue.add(new Candidate(count, l, r)));
  }

  /// A distinct word: its tokens as merged so far, and how often the text has it.
  static final class Word {
    private final int[] tokens;
    private final long count;
    private int length;

    Word(int[] tokens, long count) {
      this.tokens = tokens;
      this.count = count;
      length = tokens.length;
    }

    int length() {
      return length;
    }

    int token(int index) {
      return tokens[index];
    }

    long count() {
      return count;
    }

    /// Replaces every occurrence of a pair, from the left.
    private void join(int left, int right, int joined) {
      int to = 0;
      for (int from = 0; from < length; from++) {
        boolean found = from + 1 < length && tokens[from] == left && tokens[from + 1] == right;
        tokens[to++] = found ? joined : tokens[from];
        if (found) {
          from++;
        }
      }
      length = to;
    }
  }
}
