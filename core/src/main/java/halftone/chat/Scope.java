package halftone.chat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and what they stand for: a loop or a macro sees the names around it and keeps its own to
/// itself.
final class Scope {
  private final @Nullable Scope around;
  private final Map<String, Value> values;

  Scope(Map<String, Value> values) {
    this(null, values);
  }

  private Scope(@Nullable Scope around, Map<String, Value> values) {
    this.around = around;
    this.values = new HashMap<>(values);
  }

  Scope inner() {
    return new Scope(this, Map.of());
  }

  void set(String name, Value value) {
    values.put(name, value);
  }

  Value get(String name) {
    for (@Nullable Scope scope = this; scope != null; scope = scope.around) {
      Value value = scope.values.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Value.Undefined(name);
  }
}
