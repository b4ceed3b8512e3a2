package halftone.model;

/// A sound file of a network that cannot be run here: an unknown architecture, or a variant of a
/// known one. Its weights can still be quantized by preset. The message says what is not supported.
public final class UnsupportedModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnsupportedModelException(String message) {
    super(message);
  }
}
