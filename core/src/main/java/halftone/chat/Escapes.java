package halftone.chat;

/// What a backslash in a string stands for, as in Python.
final class Escapes {
  private static final String LETTERS = "ntrabfv0";
  private static final String MEANINGS = "\n\t\r\u0007\b\f\u000b\0";

  private Escapes() {}

  /// Appends what the escape behind a backslash stands for; an unknown one stands for itself.
  ///
  /// @param at of the character behind the backslash
  /// @return where the text goes on
  static int append(String source, int at, StringBuilder out, int line) {
    char kind = source.charAt(at);
    int letter = LETTERS.indexOf(kind);
    if (letter >= 0) {
      out.append(MEANINGS.charAt(letter));
      return at + 1;
    }
    return switch (kind) {
      case '\\', '\'', '"' -> {
        out.append(kind);
        yield at + 1;
      }
      case '\n' -> at + 1;
      case 'x' -> appendHexadecimal(source, at, 2, out, line);
      case 'u' -> appendHexadecimal(source, at, 4, out, line);
      case 'U' -> appendHexadecimal(source, at, 8, out, line);
      default -> {
        out.append('\\').append(kind);
        yield at + 1;
      }
    };
  }

  private static int appendHexadecimal(
      String source, int at, int digits, StringBuilder out, int line) {
    int end = Math.min(source.length(), at + 1 + digits);
    String written = source.substring(at + 1, end);
    if (!written.matches("[0-9A-Fa-f]{" + digits + "}")
        || Long.parseLong(written, 16) > Character.MAX_CODE_POINT) {
      throw new TemplateException(line, "an escape \\" + source.charAt(at) + written);
    }
    out.appendCodePoint(Integer.parseInt(written, 16));
    return end;
  }
}
