package halftone.app;

import halftone.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Sizes of some tensors together.
record Totals(int tensors, long elements, long bytes) {
  static Totals of(Collection<Tensor> tensors) {
    long elements = 0;
    long bytes = 0;
    for (Tensor tensor : tensors) {
      elements += tensor.shape().elements();
      bytes += tensor.byteSize();
    }
    return new Totals(tensors.size(), elements, bytes);
  }

  /// By format id, the largest first.
  static SequencedMap<String, Totals> byType(Collection<Tensor> tensors) {
    List<String> types = tensors.stream().map(tensor -> tensor.format().id()).distinct().toList();
    SequencedMap<String, Totals> totals = new LinkedHashMap<>();
    types.stream()
        .map(type -> java.util.Map.entry(type, of(ofType(tensors, type))))
        .sorted(java.util.Comparator.comparingLong(entry -> -entry.getValue().bytes()))
        .forEach(entry -> totals.put(entry.getKey(), entry.getValue()));
    return totals;
  }

  private static List<Tensor> ofType(Collection<Tensor> tensors, String type) {
    return tensors.stream().filter(tensor -> tensor.format().id().equals(type)).toList();
  }

  /// 8 × tensor bytes ÷ elements; 0 of nothing.
  double bitsPerWeight() {
    return elements == 0 ? 0 : 8.0 * bytes / elements;
  }

  Json json() {
    return new Json()
        .put("tensors", tensors)
        .put("elements", elements)
        .put("tensor_bytes", bytes)
        .put("bits_per_weight", bitsPerWeight());
  }
}
