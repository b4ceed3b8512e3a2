package halftone.quantizer;

/// The Gram matrix of a layer's inputs, of which groups of neighbouring columns see the block on
/// the diagonal.
///
/// @param values columns × columns
record GroupGram(float[] values, int columns) {
  /// What rounding a group that begins at a column changes of the outputs: e·H·eᵀ.
  double error(RoundingGrid grid, GroupWeights w, int column) {
    double[] e = new double[w.count()];
    double sum = 0;
    for (int i = 0; i < e.length; i++) {
      e[i] = grid.value(grid.code(w.get(i))) - w.get(i);
      int row = (column + i) * columns + column;
      double product = values[row + i] * e[i];
      for (int j = 0; j < i; j++) {
        product += 2 * values[row + j] * e[j];
      }
      sum += product * e[i];
    }
    return sum;
  }
}
