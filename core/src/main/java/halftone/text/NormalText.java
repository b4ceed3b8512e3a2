package halftone.text;

import java.util.Arrays;

/// A text as the overlap check compares it: letters, digits and marks in lower case, every run of
/// anything else one space. So line ends, indentation, quotes and capitals hide nothing.
final class NormalText {
  private final Text text;
  private char[] characters = new char[1024];

  /// For each character, where in the sections one after another it came from.
  private int[] origins = new int[1024];

  private int length;

  NormalText(Text text) {
    this.text = text;
    int start = 0;
    for (Section section : text.sections()) {
      append(section.text(), start);
      start += section.text().length();
    }
  }

  private void append(String section, int start) {
    for (int i = 0; i < section.length(); i++) {
      char each = section.charAt(i);
      if (counts(each)) {
        put(Character.toLowerCase(each), start + i);
      } else if (length > 0 && characters[length - 1] != ' ') {
        put(' ', start + i);
      }
    }
  }

  private static boolean counts(char each) {
    return switch (Character.getType(each)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.SURROGATE ->
          true;
      default -> Character.isLetterOrDigit(each);
    };
  }

  private void put(char each, int origin) {
    if (length == characters.length) {
      characters = Arrays.copyOf(characters, 2 * length);
      origins = Arrays.copyOf(origins, 2 * length);
    }
    characters[length] = each;
    origins[length++] = origin;
  }

  int length() {
    return length;
  }

  char at(int index) {
    return characters[index];
  }

  /// Section and line of a character: `notes.txt line 12`.
  String place(int index) {
    int offset = origins[index];
    for (Section section : text.sections()) {
      if (offset < section.text().length()) {
        long line = section.text().substring(0, offset).chars().filter(c -> c == '\n').count() + 1;
        return section.name() + " line " + line;
      }
      offset -= section.text().length();
    }
    throw new IndexOutOfBoundsException(index);
  }

  String excerpt(int from, int to) {
    return new String(characters, from, to - from).strip();
  }
}
