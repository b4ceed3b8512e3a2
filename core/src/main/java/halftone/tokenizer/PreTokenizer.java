package halftone.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a text is cut into words before merging; merges never cross a word.
///
/// Each pattern in turn cuts what the one before left: its matches become words, and so does the
/// text between them. A look-ahead does not see beyond its word.
///
/// @param names values of `tokenizer.ggml.pre` that mean this one
/// @param wholeWordsFirst a word that is a piece of the vocabulary is taken whole, whatever the
///   merges say (Llama 3)
/// @param addsBos what holds when the file does not say `tokenizer.ggml.add_bos_token`
record PreTokenizer(
    List<String> names, List<Pattern> cuts, boolean wholeWordsFirst, boolean addsBos) {
  PreTokenizer {
    names = List.copyOf(names);
    cuts = List.copyOf(cuts);
  }

  /// A pre-tokenizer that only cuts.
  static PreTokenizer cutting(List<String> names, String... expressions) {
    return new PreTokenizer(names, compile(expressions), false, false);
  }

  static List<Pattern> compile(String... expressions) {
    List<Pattern> patterns = new ArrayList<>();
    for (String expression : expressions) {
      patterns.add(Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS));
    }
    return patterns;
  }

  /// The words of a text, in order; joined they are the text.
  List<String> words(String text) {
    List<String> words = List.of(text);
    for (Pattern cut : cuts) {
      List<String> finer = new ArrayList<>(words.size() * 2);
      for (String word : words) {
        addPieces(cut.matcher(word), word, finer);
      }
      words = finer;
    }
    return words;
  }

  private static void addPieces(Matcher matcher, String word, List<String> pieces) {
    int done = 0;
    while (matcher.find()) {
      if (matcher.start() > done) {
        pieces.add(word.substring(done, matcher.start()));
      }
      if (matcher.end() > matcher.start()) {
        pieces.add(matcher.group());
      }
      done = matcher.end();
    }
    if (done < word.length()) {
      pieces.add(word.substring(done));
    }
  }
}
