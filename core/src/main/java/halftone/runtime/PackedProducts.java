package halftone.runtime;

import halftone.kernel.PackedWeight;
import halftone.kernel.integer.PanelWeight;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.HashMap;
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
  public void multiply(PackedRows rows, Tensor weight, float[] out, Workers workers) {
    boolean isDone =
        switch (rows) {
          case PackedRows.Floats floats -> multiply(floats, weight, out, workers);
          case PackedRows.Integers integers -> multiply(integers, weight, out, workers);
        };
    if (!isDone) {
      Products.DECODING.multiply(rows, weight, out, workers);
    }
  }

  private boolean multiply(PackedRows.Floats rows, Tensor weight, float[] out, Workers workers) {
    PackedWeight known = inFloats.get(weight.name());
    if (known == null && takes(PackedWeight.bytesOf(weight))) {
      known = PackedWeight.of(weight, arena, workers);
      inFloats.put(weight.name(), known);
    }
    if (known != null) {
      known.multiply(rows.panels(), out, workers);
    }
    return known != null;
  }

  private boolean multiply(PackedRows.Integers rows, Tensor weight, float[] out, Workers workers) {
    PanelWeight known = inIntegers.get(weight.name());
    if (known == null && takes(PanelWeight.bytesOf(weight))) {
      known = PanelWeight.of(weight, arena, workers);
      inIntegers.put(weight.name(), known);
    }
    if (known != null) {
      known.multiply(rows.rows(), out, workers);
    }
    return known != null;
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
