package halftone.quantizer;

import halftone.numeric.FittedRows;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Quantizes a weight in panels of neighbouring rows, the panels in parallel.
final class RowPanels {
  /// Settles the codes of a panel of `count` rows, row-major in `values`.
  interface Panel {
    FittedRows settle(float[] values, int count);
  }

  /// Writes the bytes of a panel of `count` rows from row `first` to `out` from `offset` on.
  interface Encoder {
    void write(int first, int count, MemorySegment out, long offset);
  }

  /// How the panels are gone through.
  private interface Order {
    void accept(int panels, IntConsumer work);
  }

  private RowPanels() {}

  /// A panel's weights, row-major.
  static float[] values(Weight weight, int first, int count) {
    float[] values = new float[count * weight.shape().columns()];
    weight.rows(first, count, values, 0);
    return values;
  }

  static Tensor quantize(
      String name,
      Weight weight,
      WeightFormat format,
      int rowsPerPanel,
      Workers workers,
      Panel panel) {
    return encode(name, weight, format, rowsPerPanel, workers::forEach, packed(weight, panel));
  }

  /// A panel's bytes are all that is asked for.
  static Tensor encode(
      String name,
      Weight weight,
      WeightFormat format,
      int rowsPerPanel,
      Workers workers,
      Encoder encoder) {
    return encode(name, weight, format, rowsPerPanel, workers::forEach, encoder);
  }

  /// The same one panel after the other, for a method that has all workers busy with one.
  static Tensor quantizeInTurn(
      String name, Weight weight, WeightFormat format, int rowsPerPanel, Panel panel) {
    return encode(
        name,
        weight,
        format,
        rowsPerPanel,
        (panels, work) -> IntStream.range(0, panels).forEach(work),
        packed(weight, panel));
  }

  private static Encoder packed(Weight weight, Panel panel) {
    return (first, count, out, offset) ->
        panel.settle(values(weight, first, count), count).pack(out, offset);
  }

  private static Tensor encode(
      String name,
      Weight weight,
      WeightFormat format,
      int rowsPerPanel,
      Order order,
      Encoder encoder) {
    int columns = weight.shape().columns();
    int rows = Math.toIntExact(weight.shape().rows());
    long rowBytes = format.layout().bytesOf(columns);
    MemorySegment bytes = Arena.ofAuto().allocate(rowBytes * rows, 64);
    int panels = Math.ceilDiv(rows, rowsPerPanel);
    order.accept(
        panels,
        p -> {
          int first = p * rowsPerPanel;
          int count = Math.min(rowsPerPanel, rows - first);
          try {
            encoder.write(first, count, bytes, first * rowBytes);
          } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                "%s, rows counted from %d: %s".formatted(name, first, refused.getMessage()),
                refused);
          }
        });
    return new Tensor(name, weight.shape(), format, bytes.asReadOnly());
  }
}
