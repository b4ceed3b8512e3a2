package halftone.numeric;

import java.lang.foreign.MemorySegment;

/// Rows whose scales are settled, as they will be stored, and whose codes may still move.
///
/// An encoder is `fit` followed by `pack`. A method that chooses codes itself (GPTQ) calls `round`
/// column by column in between. Not safe for concurrent use.
public interface FittedRows {
  int rows();

  int columns();

  /// How many neighbouring columns are rounded together: 1, or 4 or 8 for lattice codebooks.
  /// `columns` is a multiple.
  int arity();

  /// Sets the codes of columns `column … column + arity − 1` (column a multiple of arity) of every
  /// row to those nearest (least squares; ties as the format's encoder breaks them) to `wanted`,
  /// under the scales as stored, and reports what they decode to.
  ///
  /// Both arrays are column-major, so that rows are contiguous: element (i, r), 0 ≤ i < arity,
  /// stands at `i * rows() + r`. `wanted` and `rounded` may not be the same array.
  void round(int column, float[] wanted, float[] rounded);

  /// Writes every row as the format's bytes: `rows() * layout().bytesOf(columns())` bytes from
  /// `offset`.
  void pack(MemorySegment out, long offset);
}
