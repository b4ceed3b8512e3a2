package halftone.runtime;

import halftone.kernel.PackedWeight;
import halftone.kernel.Panels;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/// Packs each weight when it is first used and keeps it, as long as there is room; the rest is
/// decoded each time. For decoding token by token, where reading the weights is the work.
final class PackedProducts implements Products, AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Map<String, PackedWeight> packed = new HashMap<>();
  private long room;

  /// @param room bytes that packed weights may take, outside the heap
  PackedProducts(long room) {
    this.room = room;
  }

  @Override
  public void multiply(Panels rows, Tensor weight, float[] out, Workers workers) {
    PackedWeight known = packed.get(weight.name());
    if (known == null && PackedWeight.bytesOf(weight) <= room) {
      room -= PackedWeight.bytesOf(weight);
      known = PackedWeight.of(weight, arena, workers);
      packed.put(weight.name(), known);
    }
    if (known == null) {
      Products.DECODING.multiply(rows, weight, out, workers);
    } else {
      known.multiply(rows, out, workers);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
