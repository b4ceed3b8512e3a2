package halftone.method;

/// A published method, or a part of one. Implementations are records: components are the parameters
/// with the paper's names and defaults, and `toString()` is their provenance.
public interface Method {
  Card card();
}
