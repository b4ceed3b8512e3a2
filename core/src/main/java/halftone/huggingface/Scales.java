package halftone.huggingface;

import halftone.model.MalformedFileException;
import halftone.tensor.Shape;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import java.util.List;

/// A weight of FP8 codes times its scales: one for all, one a row, or one for each block of rows
/// and columns, the last blocks cut off at the edges.
///
/// Example: DeepSeek's checkpoints hold `weight_scale_inv` of [12, 6] beside an F8_E4M3 weight of
/// [1536, 768]: a scale for every 128 × 128 codes.
record Scales(Tensor codes, float[] scales, int scaleColumns, long blockRows, long blockColumns)
    implements Weight {
  /// @param block rows and columns of a block, where `scale` has one value a block
  /// @param file where the scales stand, for messages
  static Scales of(Tensor codes, Tensor scale, List<Long> block, String file) {
    long rows = codes.shape().rows();
    long columns = codes.shape().columns();
    Shape shape = scale.shape();
    if (shape.elements() == 1) {
      return new Scales(codes, values(scale), 1, rows, columns);
    }
    if (shape.elements() == rows && Math.min(shape.columns(), shape.rows()) == 1) {
      return new Scales(codes, values(scale), 1, 1, columns);
    }
    int across = Math.toIntExact(Math.ceilDiv(columns, block.getLast()));
    if (shape.columns() == across && shape.rows() == Math.ceilDiv(rows, block.getFirst())) {
      return new Scales(codes, values(scale), across, block.getFirst(), block.getLast());
    }
    String found = "%s scales for a weight of %s".formatted(shape, codes.shape());
    throw new MalformedFileException(
        file, scale.name(), found, "known are one in all, one a row, one a block");
  }

  private static float[] values(Tensor scale) {
    float[] values = new float[Math.toIntExact(scale.shape().elements())];
    scale.rows(0, Math.toIntExact(scale.shape().rows()), values, 0);
    return values;
  }

  @Override
  public Shape shape() {
    return codes.shape();
  }

  @Override
  public void rows(long from, int count, float[] out, int at) {
    int columns = codes.shape().columns();
    codes.rows(from, count, out, at);
    for (int row = 0; row < count; row++) {
      int first = Math.toIntExact((from + row) / blockRows) * scaleColumns;
      for (int column = 0; column < columns; column++) {
        out[at + row * columns + column] *= scales[first + (int) (column / blockColumns)];
      }
    }
  }
}
