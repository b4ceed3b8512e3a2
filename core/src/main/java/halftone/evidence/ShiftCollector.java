package halftone.evidence;

import halftone.runtime.Activations;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.Map;

/// Gathers X·X̂ᵀ for every linear layer of a block: X its inputs in the original network, X̂ behind
/// quantized blocks, on the same tokens. For each batch of tokens the block runs once under
/// [#originals], then once under [#shifted].
public final class ShiftCollector {
  private final Workers workers;
  private final Map<String, Activations> originals = new HashMap<>();
  private final SumsByInput<ProductSums> sums = new SumsByInput<>(ProductSums::new);

  public ShiftCollector(Workers workers) {
    this.workers = workers;
  }

  /// Remembers the batch's original inputs.
  public Tap originals() {
    return originals::put;
  }

  /// Multiplies them with the batch's shifted inputs. Layers that share an input share the product.
  public Tap shifted() {
    return this::add;
  }

  /// Σ_t x x̂ᵀ of the inputs of a weight, n × n row-major.
  public float[] cross(String weight) {
    ProductSums products = sums.byWeight().get(weight);
    if (products == null) {
      throw new IllegalArgumentException("no inputs of " + weight + " were gathered");
    }
    return products.toFloats();
  }

  private void add(String weight, Activations inputs) {
    Activations original = originals.get(weight);
    if (original == null) {
      throw new IllegalStateException("the original inputs of " + weight + " were not gathered");
    }
    ProductSums products = sums.toAdd(weight, inputs);
    if (products != null) {
      products.addCross(original, inputs, workers);
    }
  }
}
