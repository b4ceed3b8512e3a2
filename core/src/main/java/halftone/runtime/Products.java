package halftone.runtime;

import halftone.kernel.VectorKernels;
import halftone.kernel.integer.PanelProducts;
import halftone.kernel.integer.PanelWeight;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.List;

/// How rows go through weights. Every way gives the same bits.
@FunctionalInterface
interface Products {
  /// Decodes or packs the weights each time: best for many rows, and needs little memory.
  Products DECODING =
      (rows, products, workers) -> {
        for (Product product : products) {
          product.decoding(rows, workers);
        }
      };

  /// A weight, and where the results go.
  final class Product {
    private final Tensor weight;
    private Activations out = RowOperations.ofLength(0);

    Product(Tensor weight) {
      this.weight = weight;
    }

    Tensor weight() {
      return weight;
    }

    Activations out() {
      return out;
    }

    /// Where the next results go, overwritten.
    void into(Activations next) {
      out = next;
    }

    void decoding(PackedRows rows, Workers workers) {
      switch (rows) {
        case PackedRows.Floats floats ->
            VectorKernels.multiply(floats.panels(), weight, out.values(), workers);
        case PackedRows.Integers integers -> {
          try (Arena arena = Arena.ofShared()) {
            PanelWeight packed = PanelWeight.of(weight, arena, workers);
            PanelProducts.multiply(integers.rows(), packed, out.values(), workers);
          }
        }
      }
    }
  }

  /// The same rows through each of the weights.
  void multiply(PackedRows rows, List<Product> products, Workers workers);
}
