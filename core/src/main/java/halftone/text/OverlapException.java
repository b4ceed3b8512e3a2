package halftone.text;

/// Two of the three texts share what only one may have. The message says which, where, and what to
/// do.
public final class OverlapException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  OverlapException(String message) {
    super(message);
  }
}
