package halftone.transform;

import halftone.tensor.Shape;
import halftone.tensor.Weight;

/// A weight whose inputs are rotated: each run of as many columns as the matrix has goes through
/// the matrix. W becomes W·Hᵀ.
record MixedColumns(Weight source, Hadamard matrix) implements Weight {
  @Override
  public Shape shape() {
    return source.shape();
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    source.rows(from, count, out, at);
    int width = shape().columns();
    for (int row = 0; row < count; row++) {
      int start = at + row * width;
      for (int j = 0; j < width; j += matrix.size()) {
        matrix.apply(out, start + j);
      }
    }
  }
}
