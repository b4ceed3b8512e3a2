package halftone.chat;

/// A template called `raise_exception`: it works, and says that the conversation does not suit it.
final class RefusedMessagesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedMessagesException(String message) {
    super(message);
  }
}
