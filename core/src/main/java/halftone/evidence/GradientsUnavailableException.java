package halftone.evidence;

/// Nothing on this machine can differentiate a network; the message says why.
public final class GradientsUnavailableException extends RuntimeException {
  public GradientsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
