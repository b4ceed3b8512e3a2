package halftone.tokenizer;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/// Cuts a text into BERT's words: at white space, and around punctuation and Chinese characters.
///
/// As in llama.cpp every character is decomposed on its own and only the first of its parts stays,
/// so that "é" is "e"; a Hangul syllable loses all but its first letter that way.
///
/// @param lowercase whether letters become lower-case
/// @param stripsAccents whether characters are decomposed and combining marks dropped
record BertWords(boolean lowercase, boolean stripsAccents) {
  /// The words of a text, in order, none of them empty.
  List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .map(point -> stripsAccents ? base(point) : point)
        .filter(point -> !isDropped(point))
        .forEach(
            point -> {
              boolean alone = isAlone(point);
              if (alone || isSpace(point)) {
                finish(word, words);
              }
              if (!isSpace(point)) {
                word.appendCodePoint(lowercase ? Character.toLowerCase(point) : point);
              }
              if (alone) {
                finish(word, words);
              }
            });
    finish(word, words);
    return words;
  }

  private static void finish(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private static int base(int point) {
    return point < 0xC0
        ? point
        : Normalizer.normalize(Character.toString(point), Normalizer.Form.NFD).codePointAt(0);
  }

  private boolean isDropped(int point) {
    if (isSpace(point)) {
      return false;
    }
    return switch (Character.getType(point)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          stripsAccents;
      default -> point == 0xFFFD;
    };
  }

  private static boolean isSpace(int point) {
    return Character.isSpaceChar(point) || (point >= '\t' && point <= '\r') || point == 0x85;
  }

  /// Whether a character is a word of its own.
  private static boolean isAlone(int point) {
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          point < 0x7F;
      default -> isChinese(point);
    };
  }

  /// The blocks of the CJK ideographs, with a gap that the reference implementation has by mistake:
  /// U+2B820 to U+2B91F.
  private static boolean isChinese(int point) {
    return (point >= 0x4E00 && point <= 0x9FFF)
        || (point >= 0x3400 && point <= 0x4DBF)
        || (point >= 0x20000 && point <= 0x2A6DF)
        || (point >= 0x2A700 && point <= 0x2B81F)
        || (point >= 0x2B920 && point <= 0x2CEAF)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0x2F800 && point <= 0x2FA1F);
  }
}
