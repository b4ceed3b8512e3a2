package halftone.workers;

/// Says whether long work should stop. Asked often and from any thread that works, so the answer
/// must be quick and safe to ask for at once: a `volatile boolean` or an `AtomicBoolean` will do.
///
/// ```java
/// AtomicBoolean stop = new AtomicBoolean();
/// Cancellation cancellation = stop::get;
/// ```
@FunctionalInterface
public interface Cancellation {
  /// Work that is never stopped.
  Cancellation NEVER = () -> false;

  /// Whether the work should stop; once true, it stays true.
  boolean isRequested();

  /// @throws CancelledException when the work should stop
  default void check() {
    if (isRequested()) {
      throw new CancelledException();
    }
  }
}
