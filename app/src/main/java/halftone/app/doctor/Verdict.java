package halftone.app.doctor;

/// How well a machine serves, the best first.
public enum Verdict {
  /// Nothing stands in the way.
  FINE,
  /// Everything works, but slower or with less room than it could.
  LIMITED,
  /// Something needed is missing.
  MISSING
}
