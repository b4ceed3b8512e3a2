package halftone.tokenizer;

import halftone.model.MalformedFileException;
import halftone.model.Metadata;
import java.util.Map;

/// BERT's tokenizer: the text is cut into words, lower-cased and without accents, and each word,
/// with "▁" in front, into the longest pieces from its start on. A word that does not come out even
/// is one unknown token. Decoded, every word comes with a space in front; what the words lost,
/// accents and capitals, stays lost.
///
/// Source: Devlin et al., "BERT", 2018; the details are llama.cpp's.
public final class WordPiece extends PieceTokenizer {
  private static final String LOWERCASE = "tokenizer.ggml.normalizer.lowercase";
  private static final String STRIP_ACCENTS = "tokenizer.ggml.normalizer.strip_accents";

  private final BertWords words;
  private final Map<String, Integer> ids;
  private final int longest;
  private final SpecialTokens specials;
  private final int unknown;

  private WordPiece(Metadata metadata, Vocabulary vocabulary) {
    PieceBytes bytes = PieceBytes.withVisibleSpaces(vocabulary);
    super(bytes, SequenceEnds.ofBert(metadata, bytes.size()));
    boolean lowercase = metadata.flagOr(LOWERCASE, true);
    words = new BertWords(lowercase, metadata.flagOr(STRIP_ACCENTS, lowercase));
    ids = vocabulary.ids();
    longest = vocabulary.longest();
    specials = vocabulary.specialTokens();
    unknown = metadata.intOr(UNKNOWN, 100);
    SequenceEnds.requireToken(metadata, UNKNOWN, unknown, bytes.size());
  }

  /// Reads `tokenizer.ggml.*`.
  ///
  /// @throws MalformedFileException when a key is missing, has the wrong type or contradicts
  ///   another
  public static WordPiece of(Metadata metadata) {
    return new WordPiece(metadata, Vocabulary.of(metadata));
  }

  @Override
  public int[] encode(String text, boolean special) {
    TokenList out = new TokenList(text.length() / 3 + 16);
    for (SpecialTokens.Part part : specials.parts(text, special)) {
      switch (part) {
        case SpecialTokens.Part.Found(int id) -> out.add(id);
        case SpecialTokens.Part.Plain(String plain) -> {
          for (String word : words.words(plain)) {
            addWord("▁" + word, out);
          }
        }
      }
    }
    return out.toArray();
  }

  private void addWord(String word, TokenList out) {
    int before = out.size();
    int from = 0;
    while (from < word.length()) {
      int to = longestPiece(word, from);
      if (to == from) {
        out.truncate(before);
        out.add(unknown);
        return;
      }
      out.add(id(word, from, to));
      from = to;
    }
  }

  /// End of the longest piece that starts here; `from` itself when none does.
  private int longestPiece(String word, int from) {
    int to = Math.min(word.length(), from + longest);
    while (to > from && id(word, from, to) < 0) {
      to--;
    }
    return to;
  }

  private int id(String word, int from, int to) {
    return ids.getOrDefault(word.substring(from, to), -1);
  }

  @Override
  public String toString() {
    return "WordPiece, %d tokens".formatted(vocabularySize());
  }
}
