package halftone.quantizer;

import halftone.numeric.FittedRows;
import halftone.numeric.WeightFormat;
import halftone.tensor.Tensor;
import halftone.tensor.Weight;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/// Quantizes a weight in panels of neighbouring rows, the panels in parallel.
final class RowPanels {
  /// Settles the codes of a panel: `count` rows from row `first`, row-major in `values`.
  interface Panel {
    FittedRows settle(float[] values, int first, int count);
  }

  /// How the panels are gone through.
  private interface Order {
    void accept(int panels, IntConsumer work);
  }

  private RowPanels() {}

  static Tensor quantize(
      String name,
      Weight weight,
      WeightFormat format,
      int rowsPerPanel,
      Workers workers,
      Panel panel) {
    return quantize(name, weight, format, rowsPerPanel, workers::forEach, panel);
  }

  /// The same one panel after the other, for a method that has all workers busy with one.
  static Tensor quantizeInTurn(
      String name, Weight weight, WeightFormat format, int rowsPerPanel, Panel panel) {
    return quantize(
        name,
        weight,
        format,
        rowsPerPanel,
        (panels, work) -> java.util.stream.IntStream.range(0, panels).forEach(work),
        panel);
  }

  private static Tensor quantize(
      String name, Weight weight, WeightFormat format, int rowsPerPanel, Order order, Panel panel) {
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
          float[] values = new float[count * columns];
          weight.rows(first, count, values, 0);
          try {
            panel.settle(values, first, count).pack(bytes, first * rowBytes);
          } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                "%s, rows counted from %d: %s".formatted(name, first, refused.getMessage()),
                refused);
          }
        });
    return new Tensor(name, weight.shape(), format, bytes.asReadOnly());
  }
}
