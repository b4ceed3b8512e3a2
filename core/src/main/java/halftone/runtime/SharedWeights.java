package halftone.runtime;

import halftone.model.Model;
import java.lang.foreign.Arena;

/// The weights of a model, packed when they are first used, for the engines of all networks that
/// have most tensors from it. Their memory is free when nobody holds them any more.
public final class SharedWeights {
  private final Products products;

  /// @param room bytes that packed weights may take, outside the heap; those without room are
  ///   packed each time
  public SharedWeights(Model model, long room) {
    this.products = new PackedProducts(model, room, Arena.ofAuto());
  }

  Products products() {
    return products;
  }
}
