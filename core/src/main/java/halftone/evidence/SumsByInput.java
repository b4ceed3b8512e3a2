package halftone.evidence;

import halftone.runtime.Activations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One sum for each distinct input of a stage's linear layers. Layers that share an input (q, k, v)
/// are shown the same array one after the other: they share the sum, and each batch is counted
/// once.
final class SumsByInput<S> {
  private final Supplier<S> none;
  private final Map<String, S> byWeight = new LinkedHashMap<>();
  private float @Nullable [] last;
  private @Nullable S lastSum;

  /// @param none a sum of nothing
  SumsByInput(Supplier<S> none) {
    this.none = none;
  }

  /// The sum to add these inputs of a weight to, or null when another weight's turn has done that.
  @Nullable S toAdd(String weight, Activations inputs) {
    S shared = lastSum;
    if (inputs.values() == last && shared != null) {
      byWeight.putIfAbsent(weight, shared);
      return null;
    }
    S sum = byWeight.computeIfAbsent(weight, name -> none.get());
    last = inputs.values();
    lastSum = sum;
    return sum;
  }

  /// Weights with a shared input have the same object.
  Map<String, S> byWeight() {
    return byWeight;
  }
}
