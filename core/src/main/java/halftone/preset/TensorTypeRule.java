package halftone.preset;

import halftone.model.GgmlType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Pins the tensors whose name contains a match of `pattern` to a type.
///
/// Example: `blk\.[0-3]\.ffn_down` with Q6_K pins the first four.
public record TensorTypeRule(Pattern pattern, GgmlType type) {
  /// The first rule that matches.
  public static Optional<TensorTypeRule> first(List<TensorTypeRule> rules, String tensor) {
    return rules.stream().filter(rule -> rule.pattern.matcher(tensor).find()).findFirst();
  }
}
