package halftone.transform;

import halftone.tensor.Shape;
import halftone.tensor.Weight;

/// A weight whose rows and columns stand in another order: row i is row `rows[i]` of the source,
/// and so are columns.
record PermutedWeight(Weight source, int[] rows, int[] columns) implements Weight {
  @Override
  public Shape shape() {
    return source.shape();
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int width = shape().columns();
    float[] row = new float[width];
    for (int r = 0; r < count; r++) {
      source.rows(rows[Math.toIntExact(from + r)], 1, row, 0);
      for (int j = 0; j < width; j++) {
        out[at + r * width + j] = row[columns[j]];
      }
    }
  }
}
