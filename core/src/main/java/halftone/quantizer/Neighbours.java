package halftone.quantizer;

import halftone.numeric.FittedRows;

/// For every weight of some rows, the values of a fitted format directly below and above it, found
/// through the format's own rounding: the nearest value, then the first other one that larger or
/// smaller numbers round to. Works for any format that rounds columns one by one.
///
/// @param low the largest value not above the weight, or the smallest there is; row-major
/// @param high the smallest value above it, or `low` where there is none
record Neighbours(float[] low, float[] high) {
  private static final int DOUBLINGS = 40;
  private static final int HALVINGS = 30;

  /// @param values the weights, row-major
  /// @throws IllegalArgumentException when the format rounds several columns together
  static Neighbours of(float[] values, FittedRows fitted) {
    if (fitted.arity() != 1) {
      throw new IllegalArgumentException(
          "the format rounds %d columns together; rounding up or down has no meaning there"
              .formatted(fitted.arity()));
    }
    float[] low = new float[values.length];
    float[] high = new float[values.length];
    for (int column = 0; column < fitted.columns(); column++) {
      column(values, fitted, column, low, high);
    }
    return new Neighbours(low, high);
  }

  private static void column(
      float[] values, FittedRows fitted, int column, float[] low, float[] high) {
    int rows = fitted.rows();
    int columns = fitted.columns();
    float[] wanted = new float[rows];
    float[] nearest = new float[rows];
    for (int r = 0; r < rows; r++) {
      wanted[r] = values[r * columns + column];
    }
    fitted.round(column, wanted, nearest);
    float[] other = across(fitted, column, wanted, nearest);
    for (int r = 0; r < rows; r++) {
      boolean below = nearest[r] <= wanted[r];
      low[r * columns + column] = below ? nearest[r] : other[r];
      high[r * columns + column] = below ? other[r] : nearest[r];
    }
    fitted.round(column, wanted, nearest);
  }

  /// The next value on the other side of the weight, or the nearest again where there is none:
  /// first a step beyond the border between the two, then bisection to the border, which lies
  /// halfway.
  private static float[] across(FittedRows fitted, int column, float[] wanted, float[] nearest) {
    int rows = wanted.length;
    float[] inside = wanted.clone();
    float[] outside = new float[rows];
    float[] probe = new float[rows];
    float[] found = new float[rows];
    boolean[] isFound = new boolean[rows];
    for (int step = 0; step < DOUBLINGS; step++) {
      for (int r = 0; r < rows; r++) {
        float distance = wanted[r] - nearest[r];
        float reach = distance == 0 ? Math.max(Math.abs(wanted[r]), 1e-6f) / 64 : distance;
        probe[r] = isFound[r] ? outside[r] : wanted[r] + reach * ((1 << Math.min(step, 30)) - 1);
      }
      fitted.round(column, probe, found);
      for (int r = 0; r < rows; r++) {
        if (found[r] != nearest[r]) {
          isFound[r] = true;
          outside[r] = probe[r];
        } else if (!isFound[r]) {
          inside[r] = probe[r];
        }
      }
    }
    for (int step = 0; step < HALVINGS; step++) {
      for (int r = 0; r < rows; r++) {
        probe[r] = isFound[r] ? inside[r] + (outside[r] - inside[r]) / 2 : wanted[r];
      }
      fitted.round(column, probe, found);
      for (int r = 0; r < rows; r++) {
        if (isFound[r] && found[r] != nearest[r]) {
          outside[r] = probe[r];
        } else if (isFound[r]) {
          inside[r] = probe[r];
        }
      }
    }
    for (int r = 0; r < rows; r++) {
      probe[r] = isFound[r] ? outside[r] : wanted[r];
    }
    fitted.round(column, probe, found);
    return found.clone();
  }
}
