package halftone.runtime;

import halftone.kernel.Panels;
import halftone.kernel.integer.QuantizedRows;
import halftone.numeric.InputRounding;

/// Rows as they enter products.
sealed interface PackedRows {
  /// How they were rounded.
  InputRounding rounding();

  /// For products in float32.
  ///
  /// @param room what holds the array they lie in
  record Floats(InputRounding rounding, Panels panels, Activations room) implements PackedRows {}

  /// For products in integers.
  record Integers(InputRounding rounding, QuantizedRows rows) implements PackedRows {}
}
