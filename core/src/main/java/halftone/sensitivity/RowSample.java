package halftone.sensitivity;

import halftone.tensor.Shape;
import halftone.tensor.Weight;
import java.util.stream.IntStream;

/// Every n-th row of a weight: enough to estimate its error in a format without encoding all of it.
/// Which rows depends on the shape alone, so every format sees the same ones.
public record RowSample(Weight weight, int stride) implements Weight {
  public RowSample {
    if (stride < 1) {
      throw new IllegalArgumentException("a stride of " + stride);
    }
  }

  /// A sample of at least `wanted` rows where there are as many.
  public static RowSample of(Weight weight, int wanted) {
    return new RowSample(weight, (int) Math.max(1, weight.shape().rows() / wanted));
  }

  @Override
  public Shape shape() {
    return Shape.of(weight.shape().columns(), weight.shape().rows() / stride);
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int columns = weight.shape().columns();
    for (int row = 0; row < count; row++) {
      weight.rows(row(Math.toIntExact(from + row)), 1, out, at + row * columns);
    }
  }

  /// The weight's row that stands at a place of the sample.
  public int row(int place) {
    return Math.toIntExact((long) place * stride + stride / 2);
  }

  /// All rows of the sample, as the weight counts them.
  public int[] chosen() {
    return IntStream.range(0, Math.toIntExact(shape().rows())).map(this::row).toArray();
  }

  /// What a loss summed over the sample is to be multiplied by.
  public double scale() {
    return (double) weight.shape().rows() / shape().rows();
  }
}
