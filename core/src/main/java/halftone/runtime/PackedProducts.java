package halftone.runtime;

import halftone.kernel.PackedWeight;
import halftone.kernel.integer.PanelProducts;
import halftone.kernel.integer.PanelWeight;
import halftone.machine.LargePages;
import halftone.model.Model;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.SegmentAllocator;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Packs each weight when it is first used and keeps it, as long as there is room; the rest is
/// decoded each time. For decoding token by token, where reading the weights is the work.
final class PackedProducts implements Products {
  private final SegmentAllocator memory;
  private final Set<Tensor> kept;
  private final Map<Tensor, PackedWeight> inFloats = new IdentityHashMap<>();
  private final Map<Tensor, PanelWeight> inIntegers = new IdentityHashMap<>();
  private final PanelProducts panels = new PanelProducts();
  private long room;

  /// @param model whose weights are kept; those of others are not
  /// @param room bytes that packed weights may take, outside the heap
  /// @param arena where they lie, for all threads
  PackedProducts(Model model, long room, Arena arena) {
    this.memory = LargePages.of(arena);
    this.kept = Collections.newSetFromMap(new IdentityHashMap<>());
    kept.addAll(model.tensors().values());
    this.room = room;
  }

  @Override
  public void multiply(PackedRows rows, List<Product> products, Workers workers) {
    switch (rows) {
      case PackedRows.Floats floats -> multiply(floats, products, workers);
      case PackedRows.Integers integers -> multiply(integers, products, workers);
    }
  }

  private void multiply(PackedRows.Floats rows, List<Product> products, Workers workers) {
    for (int i = 0; i < products.size(); i++) {
      Product product = products.get(i);
      if (product.inFloats() == null) {
        product.keep(
            kept(
                inFloats,
                product.weight(),
                PackedWeight::bytesOf,
                weight -> PackedWeight.of(weight, memory, workers)));
      }
      PackedWeight known = product.inFloats();
      if (known == null) {
        product.decoding(rows, workers);
      } else {
        known.multiply(rows.panels(), product.out().values(), workers);
      }
    }
  }

  private void multiply(PackedRows.Integers rows, List<Product> products, Workers workers) {
    panels.clear();
    for (int i = 0; i < products.size(); i++) {
      Product product = products.get(i);
      if (product.inIntegers() == null) {
        product.keep(
            kept(
                inIntegers,
                product.weight(),
                PanelWeight::bytesOf,
                weight -> PanelWeight.of(weight, memory, workers)));
      }
      PanelWeight known = product.inIntegers();
      if (known == null) {
        product.decoding(rows, workers);
      } else {
        panels.add(rows.rows(), known, product.out().values());
      }
    }
    panels.run(workers);
  }

  /// The weight as it was packed, or is now; null where there is no room.
  private <P> @Nullable P kept(
      Map<Tensor, P> packed,
      Tensor weight,
      ToLongFunction<Tensor> bytes,
      Function<Tensor, P> pack) {
    P known = packed.get(weight);
    if (known == null && takes(weight, bytes.applyAsLong(weight))) {
      known = pack.apply(weight);
      packed.put(weight, known);
    }
    return known;
  }

  private boolean takes(Tensor weight, long bytes) {
    boolean fits = bytes <= room && kept.contains(weight);
    room -= fits ? bytes : 0;
    return fits;
  }
}
