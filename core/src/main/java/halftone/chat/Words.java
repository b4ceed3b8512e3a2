package halftone.chat;

import java.util.List;

/// The words of a template and how far a parser has read them.
final class Words {
  private final List<Lexeme> lexemes;
  private int next;
  private int depth;

  Words(List<Lexeme> lexemes) {
    this.lexemes = lexemes;
  }

  Lexeme peek() {
    return lexemes.get(next);
  }

  Lexeme take() {
    Lexeme taken = peek();
    if (taken.kind() != Lexeme.Kind.END) {
      next++;
    }
    return taken;
  }

  int line() {
    return peek().line();
  }

  boolean isOperator(String text) {
    return peek().is(Lexeme.Kind.OPERATOR, text);
  }

  boolean isName(String text) {
    return peek().is(Lexeme.Kind.NAME, text);
  }

  /// Whether the word behind the next one is this name.
  boolean isNameBehind(String text) {
    return next + 1 < lexemes.size() && lexemes.get(next + 1).is(Lexeme.Kind.NAME, text);
  }

  boolean isOperatorBehind(String text) {
    return next + 1 < lexemes.size() && lexemes.get(next + 1).is(Lexeme.Kind.OPERATOR, text);
  }

  boolean takeOperator(String text) {
    return takeIf(isOperator(text));
  }

  boolean takeName(String text) {
    return takeIf(isName(text));
  }

  private boolean takeIf(boolean found) {
    if (found) {
      next++;
    }
    return found;
  }

  void requireOperator(String text) {
    if (!takeOperator(text)) {
      throw unexpected("\"" + text + "\"");
    }
  }

  void requireName(String text) {
    if (!takeName(text)) {
      throw unexpected("\"" + text + "\"");
    }
  }

  String requireAnyName() {
    return require(Lexeme.Kind.NAME, "a name");
  }

  String require(Lexeme.Kind kind, String wanted) {
    if (peek().kind() != kind) {
      throw unexpected(wanted);
    }
    return take().text();
  }

  TemplateException unexpected(String wanted) {
    return new TemplateException(line(), peek().shown() + " where " + wanted + " should stand");
  }

  /// Before a part that may hold another of its kind; [#leave] behind it.
  void enter() {
    if (++depth > Budget.NESTING) {
      throw new TemplateException(line(), "nesting deeper than " + Budget.NESTING);
    }
  }

  void leave() {
    depth--;
  }
}
