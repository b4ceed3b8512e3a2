package halftone.chat;

/// What is wrong with a template, before it is known which file it stands in. The message names the
/// construct.
final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /// @param line where in the template, from 1; 0 when only the caller knows
  TemplateException(int line, String message) {
    super(message);
    this.line = line;
  }

  TemplateException(String message) {
    this(0, message);
  }

  int line() {
    return line;
  }
}
