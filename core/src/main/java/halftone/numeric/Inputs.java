package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// What every encoder refuses, and in which words. Callers add the tensor's name.
final class Inputs {
  private Inputs() {}

  static void check(WeightFormat format, int rows, int columns, float @Nullable [] importance) {
    if (rows < 0 || columns <= 0 || !format.layout().divides(columns)) {
      throw new IllegalArgumentException(
          ("%d rows of %d weights are not whole blocks of %d, as %s needs;"
                  + " choose a format with smaller blocks")
              .formatted(rows, columns, format.layout().weights(), format.id()));
    }
    if ((long) rows * columns > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "%d rows of %d weights are too many at once; fit fewer rows".formatted(rows, columns));
    }
    if (importance == null) {
      if (format.requiresImportance()) {
        throw new IllegalArgumentException(
            format.id() + " needs importance; collect an imatrix first");
      }
      return;
    }
    checkImportance(format, importance, columns);
  }

  static void checkImportance(NumberFormat format, float[] importance, int columns) {
    if (importance.length != columns) {
      throw new IllegalArgumentException(
          "%s: importance has %d entries for %d input columns"
              .formatted(format.id(), importance.length, columns));
    }
    for (int j = 0; j < columns; j++) {
      if (!(importance[j] >= 0) || importance[j] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "%s: importance of column %d is %s; it must be finite and not negative"
                .formatted(format.id(), j, importance[j]));
      }
    }
  }

  /// Refuses NaN, infinities and magnitudes above `largest` in a piece of row `row` that starts at
  /// column `column`.
  static void checkWeights(NumberFormat format, float[] x, int row, int column, float largest) {
    for (int i = 0; i < x.length; i++) {
      if (!(Math.abs(x[i]) <= largest)) {
        throw unfit(format, x[i], row, column + i);
      }
    }
  }

  static IllegalArgumentException unfit(NumberFormat format, float weight, int row, int column) {
    String where = "%s: weight %s at row %d, column %d".formatted(format.id(), weight, row, column);
    return new IllegalArgumentException(
        Float.isFinite(weight)
            ? where + " is too large; choose F32 or BF16"
            : where + " is not finite; the model is damaged");
  }

  static IllegalArgumentException overflow(NumberFormat format, int row, int column) {
    return new IllegalArgumentException(
        "the scale of the block at row %d, column %d overflows in %s; choose F32 or BF16"
            .formatted(row, column, format.id()));
  }
}
