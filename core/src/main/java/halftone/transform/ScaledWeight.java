package halftone.transform;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// A weight whose rows and columns are multiplied by factors while it is decoded.
///
/// @param rows one factor a row, or null for ones
/// @param columns one factor a column, or null for ones
record ScaledWeight(Weight source, float @Nullable [] rows, float @Nullable [] columns)
    implements Weight {
  @Override
  public Shape shape() {
    return source.shape();
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    source.rows(from, count, out, at);
    int width = shape().columns();
    for (int r = 0; r < count; r++) {
      int start = at + r * width;
      float factor = rows == null ? 1 : rows[Math.toIntExact(from + r)];
      if (columns == null) {
        for (int j = 0; j < width; j++) {
          out[start + j] *= factor;
        }
      } else {
        for (int j = 0; j < width; j++) {
          out[start + j] *= factor * columns[j];
        }
      }
    }
  }
}
