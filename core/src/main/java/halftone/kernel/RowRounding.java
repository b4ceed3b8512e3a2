package halftone.kernel;

/// What happens to a row of activations before it is multiplied.
@FunctionalInterface
public interface RowRounding {
  /// The row as it is.
  RowRounding NONE = (row, at, count) -> {};

  /// Rounds `row[at … at + count − 1]` in place.
  void round(float[] row, int at, int count);
}
