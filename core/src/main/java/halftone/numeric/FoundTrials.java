package halftone.numeric;

import java.util.ServiceLoader;

/// The fastest [ScaleTrials] of this process, found when the first encoder works.
final class FoundTrials {
  static final ScaleTrials FASTEST = find();

  private FoundTrials() {}

  /// Those in vectors cannot be loaded where their module is absent.
  private static ScaleTrials find() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return new PlainTrials();
    }
    return ServiceLoader.load(ScaleTrials.class, ScaleTrials.class.getClassLoader())
        .findFirst()
        .orElseGet(PlainTrials::new);
  }
}
