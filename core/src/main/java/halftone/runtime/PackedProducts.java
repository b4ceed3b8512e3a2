package halftone.runtime;

import halftone.kernel.PackedWeight;
import halftone.kernel.integer.PanelWeight;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Packs each weight when it is first used and keeps it, as long as there is room; the rest is
/// decoded each time. For decoding token by token, where reading the weights is the work.
final class PackedProducts implements Products, AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Map<String, PackedWeight> inFloats = new HashMap<>();
  private final Map<String, PanelWeight> inIntegers = new HashMap<>();
  private long room;

  /// @param room bytes that packed weights may take, outside the heap
  PackedProducts(long room) {
    this.room = room;
  }

  @Override
  public void multiply(PackedRows rows, List<Product> products, Workers workers) {
    List<Product> left = new ArrayList<>();
    switch (rows) {
      case PackedRows.Floats floats -> multiply(floats, products, left, workers);
      case PackedRows.Integers integers -> multiply(integers, products, left, workers);
    }
    Products.DECODING.multiply(rows, left, workers);
  }

  private void multiply(
      PackedRows.Floats rows, List<Product> products, List<Product> left, Workers workers) {
    for (Product product : products) {
      Tensor weight = product.weight();
      PackedWeight known = inFloats.get(weight.name());
      if (known == null && takes(PackedWeight.bytesOf(weight))) {
        known = PackedWeight.of(weight, arena, workers);
        inFloats.put(weight.name(), known);
      }
      if (known == null) {
        left.add(product);
      } else {
        known.multiply(rows.panels(), product.out(), workers);
      }
    }
  }

  private void multiply(
      PackedRows.Integers rows, List<Product> products, List<Product> left, Workers workers) {
    List<PanelWeight.Target> targets = new ArrayList<>();
    for (Product product : products) {
      Tensor weight = product.weight();
      PanelWeight known = inIntegers.get(weight.name());
      if (known == null && takes(PanelWeight.bytesOf(weight))) {
        known = PanelWeight.of(weight, arena, workers);
        inIntegers.put(weight.name(), known);
      }
      if (known == null) {
        left.add(product);
      } else {
        targets.add(new PanelWeight.Target(known, product.out()));
      }
    }
    PanelWeight.multiply(rows.rows(), targets, workers);
  }

  private boolean takes(long bytes) {
    boolean fits = bytes <= room;
    room -= fits ? bytes : 0;
    return fits;
  }

  @Override
  public void close() {
    arena.close();
  }
}
