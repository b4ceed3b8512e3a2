package halftone.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into words. White space as chat templates have it (Jinja's `trim_blocks` and
/// `lstrip_blocks`): the line break behind a `%}` goes, and so does what stands before a `{%` that
/// is the first in its line; `-` takes all white space on its side, `+` keeps it.
final class Lexer {
  private static final Pattern OPEN = Pattern.compile("\\{[{%#]");
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final Pattern WORD =
      Pattern.compile(
          """
          (?<name>[A-Za-z_][A-Za-z0-9_]*)\
          |(?<number>[0-9]+(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\
          |(?<operator>//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,])""");

  private final String source;
  private final List<Lexeme> out = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  /// @throws TemplateException for a tag, comment or string without an end, or a character that no
  ///   expression has
  static List<Lexeme> cut(String template) {
    if (template.length() > Budget.SOURCE) {
      throw new TemplateException(1, "more than " + Budget.SOURCE + " characters of template");
    }
    String text = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    lexer.run();
    return lexer.out;
  }

  private void run() {
    Matcher open = OPEN.matcher(source);
    while (open.find(at)) {
      boolean block = source.charAt(open.start() + 1) != '{';
      addText(open.start(), block);
      char kind = source.charAt(open.start() + 1);
      at = open.end();
      if (at < source.length() && (peek("-") || peek("+"))) {
        at++;
      }
      if (kind == '#') {
        skipComment();
      } else {
        cutTag(kind);
      }
    }
    addText(source.length(), false);
    add(Lexeme.Kind.END, "");
  }

  private boolean peek(String text) {
    return source.startsWith(text, at);
  }

  private void add(Lexeme.Kind kind, String text) {
    out.add(new Lexeme(kind, text, line));
  }

  private void advance(int to) {
    for (int i = at; i < to; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    at = to;
  }

  /// The text up to a tag, without the white space that the tag takes away.
  private void addText(int end, boolean block) {
    int to = end;
    if (source.startsWith("-", end + 2)) {
      while (to > at && Character.isWhitespace(source.charAt(to - 1))) {
        to--;
      }
    } else if (block && !source.startsWith("+", end + 2)) {
      to = withoutIndentation(end);
    }
    if (to > at) {
      add(Lexeme.Kind.TEXT, source.substring(at, to));
    }
    advance(end);
  }

  private int withoutIndentation(int end) {
    int from = end;
    while (from > at
        && source.charAt(from - 1) != '\n'
        && Character.isWhitespace(source.charAt(from - 1))) {
      from--;
    }
    boolean startsLine = from == 0 || source.charAt(from - 1) == '\n';
    return startsLine ? from : end;
  }

  private void skipComment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new TemplateException(line, "a comment without #}");
    }
    boolean strips = end > at && source.charAt(end - 1) == '-';
    boolean keeps = end > at && source.charAt(end - 1) == '+';
    advance(end + 2);
    skipBehind(strips, !keeps);
  }

  private void skipBehind(boolean strips, boolean trims) {
    int to = at;
    if (strips) {
      while (to < source.length() && Character.isWhitespace(source.charAt(to))) {
        to++;
      }
    } else if (trims && peek("\n")) {
      to++;
    }
    advance(to);
  }

  private void cutTag(char kind) {
    boolean output = kind == '{';
    add(output ? Lexeme.Kind.OUTPUT : Lexeme.Kind.STATEMENT, output ? "{{" : "{%");
    String end = output ? "}}" : "%}";
    int open = 0;
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw new TemplateException(line, "a tag without " + end);
      }
      boolean signed = peek("-" + end) || peek("+" + end);
      if (open == 0 && (signed || peek(end))) {
        add(output ? Lexeme.Kind.OUTPUT_END : Lexeme.Kind.STATEMENT_END, end);
        boolean strips = peek("-");
        at += end.length() + (signed ? 1 : 0);
        skipBehind(strips, !output && !signed);
        return;
      }
      open += cutWord();
    }
  }

  private void skipSpace() {
    Matcher space = SPACE.matcher(source).region(at, source.length());
    if (space.lookingAt()) {
      advance(space.end());
    }
  }

  /// @return 1 for an opening bracket, −1 for a closing one
  private int cutWord() {
    char first = source.charAt(at);
    if (first == '\'' || first == '"') {
      cutString(first);
      return 0;
    }
    Matcher word = WORD.matcher(source).region(at, source.length());
    if (!word.lookingAt()) {
      throw new TemplateException(line, "a character \"" + first + "\" in a tag");
    }
    boolean name = word.group("name") != null;
    boolean number = word.group("number") != null;
    add(name ? Lexeme.Kind.NAME : number ? Lexeme.Kind.NUMBER : Lexeme.Kind.OPERATOR, word.group());
    at = word.end();
    return "([{".indexOf(first) >= 0 ? 1 : ")]}".indexOf(first) >= 0 ? -1 : 0;
  }

  private void cutString(char quote) {
    StringBuilder text = new StringBuilder();
    int i = at + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      if (source.charAt(i) == '\\' && i + 1 < source.length()) {
        i = Escapes.append(source, i + 1, text, line);
      } else {
        text.append(source.charAt(i++));
      }
    }
    if (i >= source.length()) {
      throw new TemplateException(line, "a string without its closing " + quote);
    }
    add(Lexeme.Kind.STRING, text.toString());
    advance(i + 1);
  }
}
