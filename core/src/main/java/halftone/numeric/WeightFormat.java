package halftone.numeric;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A number format that weights can be written in.
public interface WeightFormat extends NumberFormat {
  /// Settles scales and codes for `rows` rows of `columns` weights each, row-major in `weights`
  /// from index `at`, exactly as the format's reference encoder does.
  ///
  /// @param importance one non-negative value an input column (length `columns`), or null for none
  /// @throws IllegalArgumentException when `columns` is no whole number of blocks, a weight is NaN
  ///   or infinite, the importance has another length or negative or NaN entries, or is missing
  ///   where the format requires it
  FittedRows fit(float[] weights, int at, int rows, int columns, float @Nullable [] importance);

  /// Writes what [#fit] settles, as [FittedRows#pack] would: the reference encoder's bytes.
  ///
  /// @throws IllegalArgumentException as `fit`
  default void encode(
      float[] weights,
      int at,
      int rows,
      int columns,
      float @Nullable [] importance,
      MemorySegment out,
      long offset) {
    fit(weights, at, rows, columns, importance).pack(out, offset);
  }

  /// Whether [#encodeHalves] takes less than decoding the weights and [#encode].
  default boolean readsHalves() {
    return false;
  }

  /// The same of weights in binary16, without importance.
  ///
  /// @throws IllegalArgumentException as `fit`
  default void encodeHalves(short[] halves, int rows, int columns, MemorySegment out, long offset) {
    float[] weights = RawWeights.of(halves).floats(0, rows * columns);
    encode(weights, 0, rows, columns, null, out, offset);
  }

  /// How many neighbouring columns are rounded together: see [FittedRows#arity].
  default int arity() {
    return 1;
  }

  /// Whether `fit` refuses to work without importance (IQ1_S, IQ2_XXS, IQ2_XS).
  default boolean requiresImportance() {
    return false;
  }
}
