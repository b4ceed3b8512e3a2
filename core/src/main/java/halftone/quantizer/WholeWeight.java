package halftone.quantizer;

import halftone.tensor.Weight;

/// A weight decoded whole, row-major: what a method holds that works on all of it.
///
/// @param values rows × columns
record WholeWeight(int rows, int columns, float[] values) {
  static WholeWeight of(Weight weight) {
    int rows = Math.toIntExact(weight.shape().rows());
    int columns = weight.shape().columns();
    float[] values = new float[Math.multiplyExact(rows, columns)];
    weight.rows(0, rows, values, 0);
    return new WholeWeight(rows, columns, values);
  }
}
