package halftone.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The inner product of error-feedback rounding (GPTQ): adds to the targets of a few columns what
/// the errors of all earlier columns ask for.
///
/// Arrays are column-major with [#ROWS] rows of a weight side by side, so a vector lane is a row
/// and no sum crosses lanes: the bits do not depend on the vector width.
public final class ErrorFeedback {
  /// Rows treated together.
  public static final int ROWS = 64;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private ErrorFeedback() {}

  /// For each column k in `first … end − 1`: `targets[k] += Σ_{from ≤ i < to} errors[i] ·
  /// feedback[i][k]`, i ascending.
  ///
  /// @param errors column i at i · ROWS
  /// @param targets column k at k · ROWS
  /// @param feedback size × size, row-major
  public static void add(
      float[] errors,
      float[] targets,
      float[] feedback,
      int size,
      int from,
      int to,
      int first,
      int end) {
    int column = first;
    for (; column + 4 <= end; column += 4) {
      for (int row = 0; row < ROWS; row += 2 * LANES) {
        addFour(errors, targets, feedback, size, from, to, column, row);
      }
    }
    for (; column < end; column++) {
      for (int row = 0; row < ROWS; row += LANES) {
        addOne(errors, targets, feedback, size, from, to, column, row);
      }
    }
  }

  private static void addFour(
      float[] errors,
      float[] targets,
      float[] feedback,
      int size,
      int from,
      int to,
      int column,
      int row) {
    int at = column * ROWS + row;
    FloatVector a0 = FloatVector.fromArray(SPECIES, targets, at);
    FloatVector a1 = FloatVector.fromArray(SPECIES, targets, at + ROWS);
    FloatVector a2 = FloatVector.fromArray(SPECIES, targets, at + 2 * ROWS);
    FloatVector a3 = FloatVector.fromArray(SPECIES, targets, at + 3 * ROWS);
    FloatVector b0 = FloatVector.fromArray(SPECIES, targets, at + LANES);
    FloatVector b1 = FloatVector.fromArray(SPECIES, targets, at + ROWS + LANES);
    FloatVector b2 = FloatVector.fromArray(SPECIES, targets, at + 2 * ROWS + LANES);
    FloatVector b3 = FloatVector.fromArray(SPECIES, targets, at + 3 * ROWS + LANES);
    for (int i = from; i < to; i++) {
      FloatVector low = FloatVector.fromArray(SPECIES, errors, i * ROWS + row);
      FloatVector high = FloatVector.fromArray(SPECIES, errors, i * ROWS + row + LANES);
      int f = i * size + column;
      FloatVector f0 = FloatVector.broadcast(SPECIES, feedback[f]);
      FloatVector f1 = FloatVector.broadcast(SPECIES, feedback[f + 1]);
      FloatVector f2 = FloatVector.broadcast(SPECIES, feedback[f + 2]);
      FloatVector f3 = FloatVector.broadcast(SPECIES, feedback[f + 3]);
      a0 = low.fma(f0, a0);
      a1 = low.fma(f1, a1);
      a2 = low.fma(f2, a2);
      a3 = low.fma(f3, a3);
      b0 = high.fma(f0, b0);
      b1 = high.fma(f1, b1);
      b2 = high.fma(f2, b2);
      b3 = high.fma(f3, b3);
    }
    a0.intoArray(targets, at);
    a1.intoArray(targets, at + ROWS);
    a2.intoArray(targets, at + 2 * ROWS);
    a3.intoArray(targets, at + 3 * ROWS);
    b0.intoArray(targets, at + LANES);
    b1.intoArray(targets, at + ROWS + LANES);
    b2.intoArray(targets, at + 2 * ROWS + LANES);
    b3.intoArray(targets, at + 3 * ROWS + LANES);
  }

  private static void addOne(
      float[] errors,
      float[] targets,
      float[] feedback,
      int size,
      int from,
      int to,
      int column,
      int row) {
    int at = column * ROWS + row;
    FloatVector sum = FloatVector.fromArray(SPECIES, targets, at);
    for (int i = from; i < to; i++) {
      FloatVector error = FloatVector.fromArray(SPECIES, errors, i * ROWS + row);
      sum = error.fma(FloatVector.broadcast(SPECIES, feedback[i * size + column]), sum);
    }
    sum.intoArray(targets, at);
  }
}
