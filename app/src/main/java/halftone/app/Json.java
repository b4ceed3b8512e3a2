package halftone.app;

import com.grack.nanojson.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A JSON object under construction, in the order its fields were put.
final class Json {
  private final SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();

  /// A string, a boolean, a list, a map or another [Json].
  Json put(String name, Object value) {
    fields.put(name, value instanceof Json json ? json.map() : value);
    return this;
  }

  Json put(String name, long value) {
    fields.put(name, value);
    return this;
  }

  /// JSON knows no NaN and no infinity: they become null.
  Json put(String name, double value) {
    fields.put(name, Double.isFinite(value) ? value : null);
    return this;
  }

  Map<String, @Nullable Object> map() {
    return fields;
  }

  /// Indented text.
  @Override
  public String toString() {
    return JsonWriter.indent("  ").string().value(fields).done();
  }
}
