package halftone.transform;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import java.lang.ref.SoftReference;

/// A weight whose outputs are rotated: each run of as many rows as the matrix has, among rows
/// `first … first + count − 1`, goes through the matrix column by column. W becomes H·W.
///
/// A run is mixed when one of its rows is asked for, and kept as long as memory allows.
final class MixedRows implements Weight {
  private final Weight source;
  private final Hadamard matrix;
  private final int first;
  private final int count;
  private SoftReference<Run> last = new SoftReference<>(null);

  private record Run(long from, float[] values) {}

  MixedRows(Weight source, Hadamard matrix, int first, int count) {
    this.source = source;
    this.matrix = matrix;
    this.first = first;
    this.count = count;
  }

  @Override
  public Shape shape() {
    return source.shape();
  }

  @Override
  public void rows(long from, int wanted, float[] out, int at) {
    int width = shape().columns();
    for (int i = 0; i < wanted; i++) {
      long row = from + i;
      if (row < first || row >= first + count) {
        source.rows(row, 1, out, at + i * width);
      } else {
        Run run = run(row - (row - first) % matrix.size());
        System.arraycopy(
            run.values(), (int) (row - run.from()) * width, out, at + i * width, width);
      }
    }
  }

  private synchronized Run run(long from) {
    Run known = last.get();
    if (known != null && known.from() == from) {
      return known;
    }
    Run mixed = new Run(from, mixed(from));
    last = new SoftReference<>(mixed);
    return mixed;
  }

  private float[] mixed(long from) {
    int size = matrix.size();
    int width = shape().columns();
    float[] values = new float[size * width];
    source.rows(from, size, values, 0);
    float[] column = new float[size];
    for (int j = 0; j < width; j++) {
      for (int r = 0; r < size; r++) {
        column[r] = values[r * width + j];
      }
      matrix.apply(column, 0);
      for (int r = 0; r < size; r++) {
        values[r * width + j] = column[r];
      }
    }
    return values;
  }
}
