package halftone.numeric;

import org.jspecify.annotations.Nullable;

/// What every encoder refuses before it begins.
final class Inputs {
  private Inputs() {}

  static void check(
      WeightFormat format, float[] weights, int at, int rows, int columns, float @Nullable [] importance) {
    if (!format.layout().divides(columns)) {
      throw new IllegalArgumentException(
          "rows of %d weights are no whole number of %s blocks of %d"
              .formatted(columns, format.id(), format.layout().weights()));
    }
    for (int i = at; i < at + rows * columns; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "weight %d of row %d is %s".formatted((i - at) % columns, (i - at) / columns, weights[i]));
      }
    }
    if (importance != null) {
      checkImportance(importance, columns);
    } else if (format.requiresImportance()) {
      throw new IllegalArgumentException(format.id() + " needs an importance matrix");
    }
  }

  private static void checkImportance(float[] importance, int columns) {
    if (importance.length != columns) {
      throw new IllegalArgumentException(
          "%d importance values for rows of %d weights".formatted(importance.length, columns));
    }
    for (int j = 0; j < columns; j++) {
      if (!(importance[j] >= 0) || importance[j] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("importance of column %d is %s".formatted(j, importance[j]));
      }
    }
  }
}
