package halftone.numeric;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value made once, at first use, whichever thread asks first.
final class Lazily<T> {
  private final Supplier<T> maker;
  private volatile @Nullable T value;

  Lazily(Supplier<T> maker) {
    this.maker = maker;
  }

  T get() {
    T made = value;
    return made != null ? made : make();
  }

  private synchronized T make() {
    T made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return made;
  }
}
