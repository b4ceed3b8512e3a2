package halftone.recipe;

import halftone.model.Model;
import halftone.model.ModelSource;
import halftone.tensor.Tensor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What it costs to start from a model that is already quantized.
public final class QuantizedSource {
  private QuantizedSource() {}

  /// One line for the user, empty when no weight is in parts, packed, or in a format of blocks:
  /// which formats the model is in, and what becomes of their rounding.
  public static Optional<String> warning(ModelSource source, Model model) {
    String path = source.path().toString();
    if (source.origin().isPresent()) {
      return source.origin().map(origin -> line(path, origin));
    }
    Map<String, Long> weights = new LinkedHashMap<>();
    Map<String, Double> bits = new LinkedHashMap<>();
    long all = 0;
    for (Tensor tensor : model.tensors().values()) {
      all += tensor.shape().elements();
      if (tensor.format().layout().weights() > 1) {
        weights.merge(tensor.format().id(), tensor.shape().elements(), Long::sum);
        bits.put(tensor.format().id(), tensor.format().layout().bitsPerWeight());
      }
    }
    return weights.isEmpty() ? Optional.empty() : Optional.of(line(path, weights, bits, all));
  }

  private static String line(
      String source, Map<String, Long> weights, Map<String, Double> bits, long all) {
    List<String> parts =
        weights.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .map(entry -> part(entry, bits, all))
            .toList();
    return line(source, String.join(", ", parts));
  }

  private static String line(String source, String origin) {
    return "warning: %s is already quantized: %s; that rounding stays in the result and is not in the losses shown, which count from this file; formats of more bits than a tensor has only cost size; start from the F16 or BF16 original if you have it"
        .formatted(source, origin);
  }

  private static String part(Map.Entry<String, Long> format, Map<String, Double> bits, long all) {
    return "%.0f %% of the weights at %s (%s bits)"
        .formatted(100.0 * format.getValue() / all, format.getKey(), bits.get(format.getKey()));
  }
}
