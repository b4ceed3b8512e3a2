package halftone.chat;

/// A word of a template.
///
/// @param text for [Kind#STRING] what it stands for, otherwise as written
/// @param line from 1
record Lexeme(Kind kind, String text, int line) {
  enum Kind {
    /// What stands outside of tags.
    TEXT,
    /// `{{` and `}}`.
    OUTPUT,
    OUTPUT_END,
    /// `{%` and `%}`.
    STATEMENT,
    STATEMENT_END,
    NAME,
    STRING,
    NUMBER,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && this.text.equals(text);
  }

  /// As messages show it.
  String shown() {
    return kind == Kind.END ? "the template's end" : "\"" + text + "\"";
  }
}
