package halftone.runtime;

import halftone.kernel.PackedWeight;
import halftone.kernel.VectorKernels;
import halftone.kernel.integer.PanelProducts;
import halftone.kernel.integer.PanelWeight;
import halftone.tensor.Tensor;
import halftone.workers.Workers;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final String name;
    private final Tensor weight;
    private final int width;
    private final @Nullable Activations bias;
    private final int output;
    private Activations out = RowOperations.ofLength(0);
    private @Nullable PackedWeight inFloats;
    private @Nullable PanelWeight inIntegers;

    /// @param output the number of the value it works out
    Product(String name, Tensor weight, @Nullable Activations bias, int output) {
      this.name = name;
      this.weight = weight;
      this.width = Math.toIntExact(weight.shape().rows());
      this.bias = bias;
      this.output = output;
    }

    /// What the weight is called in the network.
    String name() {
      return name;
    }

    Tensor weight() {
      return weight;
    }

    /// Values of a row of results.
    int width() {
      return width;
    }

    @Nullable Activations bias() {
      return bias;
    }

    int output() {
      return output;
    }

    /// The weight packed for products in floats; null until it is kept.
    @Nullable PackedWeight inFloats() {
      return inFloats;
    }

    /// The weight packed for products in integers; null until it is kept.
    @Nullable PanelWeight inIntegers() {
      return inIntegers;
    }

    void keep(@Nullable PackedWeight packed) {
      inFloats = packed;
    }

    void keep(@Nullable PanelWeight packed) {
      inIntegers = packed;
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
