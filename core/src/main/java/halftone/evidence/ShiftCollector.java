package halftone.evidence;

import halftone.kernel.VectorKernels;
import halftone.runtime.Activations;
import halftone.runtime.Tap;
import halftone.workers.Workers;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers X·X̂ᵀ for every linear layer of a block: X its inputs in the original network, X̂ behind
/// quantized blocks, on the same tokens. For each batch of tokens the block runs once under
/// [#originals], then once under [#shifted].
public final class ShiftCollector {
  private final Workers workers;
  private final Map<String, Activations> originals = new HashMap<>();
  private final Map<String, double[]> sumsByWeight = new LinkedHashMap<>();
  private float @Nullable [] lastShifted;
  private double @Nullable [] lastSums;

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
    double[] sums = sumsByWeight.get(weight);
    if (sums == null) {
      throw new IllegalArgumentException("no inputs of " + weight + " were gathered");
    }
    float[] cross = new float[sums.length];
    for (int i = 0; i < cross.length; i++) {
      cross[i] = (float) sums[i];
    }
    return cross;
  }

  private void add(String weight, Activations inputs) {
    double[] shared = lastSums;
    if (inputs.values() == lastShifted && shared != null) {
      sumsByWeight.putIfAbsent(weight, shared);
      return;
    }
    Activations original = originals.get(weight);
    if (original == null) {
      throw new IllegalStateException("the original inputs of " + weight + " were not gathered");
    }
    int width = inputs.width();
    double[] sums = sumsByWeight.computeIfAbsent(weight, name -> new double[width * width]);
    VectorKernels.cross(
        original.values(), inputs.values(), inputs.rows(), width, width, sums, workers);
    lastShifted = inputs.values();
    lastSums = sums;
  }
}
