package halftone.chat;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The methods of a mapping.
final class MappingMethods {
  private MappingMethods() {}

  /// The method of this name, bound to a mapping; null when there is none.
  static Value.@Nullable Function of(SequencedMap<Value, Value> entries, String name) {
    Value.Function.@Nullable Body body =
        switch (name) {
          case "items" -> _ -> pairs(entries);
          case "keys" -> _ -> keys(entries);
          case "values" -> _ -> new Value.Sequence(List.copyOf(entries.values()));
          case "get" ->
              arguments ->
                  entries.getOrDefault(
                      arguments.require(0, "key").asKey(), arguments.get(1, "default", Value.NONE));
          default -> null;
        };
    return body == null ? null : new Value.Function(name, body);
  }

  private static Value keys(SequencedMap<Value, Value> entries) {
    return new Value.Sequence(List.copyOf(entries.keySet()));
  }

  /// Key and value of every entry.
  static Value pairs(SequencedMap<Value, Value> entries) {
    return new Value.Sequence(
        entries.entrySet().stream()
            .<Value>map(each -> new Value.Sequence(List.of(each.getKey(), each.getValue()), true))
            .toList());
  }
}
