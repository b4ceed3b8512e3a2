package halftone.runtime;

import halftone.kernel.Panels;
import halftone.kernel.integer.QuantizedRows;

/// Rows as they enter products.
sealed interface PackedRows {
  /// For products in float32.
  ///
  /// @param room the array they lie in
  record Floats(Panels panels, float[] room) implements PackedRows {}

  /// For products in integers.
  ///
  /// @param room the words they lie in
  record Integers(QuantizedRows rows, int[] room) implements PackedRows {}
}
