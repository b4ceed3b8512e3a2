package halftone.workers;

/// Work stopped because its [Cancellation] asked for it. What was finished is in the store, and no
/// output was begun: the same request goes on where this one stopped.
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CancelledException() {
    super("cancelled; what was finished is kept, and the same request goes on from there");
  }
}
