package halftone.transform;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// A weight whose inputs are rotated: each run of as many columns as the matrix has, first with its
/// signs changed, goes through the matrix. W becomes W·D·Hᵀ.
///
/// @param signs ±1 for each column, or null for none changed
record MixedColumns(Weight source, Hadamard matrix, float @Nullable [] signs) implements Weight {
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
      for (int j = 0; j < width && signs != null; j++) {
        out[start + j] *= signs[j];
      }
      for (int j = 0; j < width; j += matrix.size()) {
        matrix.apply(out, start + j);
      }
    }
  }
}
