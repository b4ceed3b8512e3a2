package halftone.recipe;

import halftone.sensitivity.Menu;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// What a unit of a metric's score is worth in nats, by tensor and bits a weight: what measured
/// swaps made of the scores of formats, for whoever scores something else by the same metric.
record NatsPerScore(Map<String, ByBits> factors) {
  /// @param scores by the metric, before the swaps
  /// @param table after them
  static NatsPerScore of(
      SequencedMap<String, Menu> menus, SequencedMap<String, double[]> scores, LossTable table) {
    Map<String, ByBits> factors = new HashMap<>();
    menus.forEach(
        (name, menu) -> {
          double[] before = Objects.requireNonNull(scores.get(name));
          double[] after = Objects.requireNonNull(table.losses().get(name));
          ByBits byBits = new ByBits();
          for (int option = 0; option < before.length; option++) {
            if (before[option] > 0) {
              double bits = menu.options().get(option).layout().bitsPerWeight();
              byBits.put(bits, after[option] / before[option]);
            }
          }
          factors.put(name, byBits);
        });
    return new NatsPerScore(factors);
  }

  /// At so many bits; 1 for a tensor none of whose scores was above zero.
  double at(String name, double bits) {
    return Objects.requireNonNull(factors.get(name)).at(bits, 1);
  }
}
