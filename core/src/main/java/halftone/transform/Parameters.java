package halftone.transform;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// What stands behind a transform's name: `alpha=0.65:everywhere=true`. Every key that is there
/// must be asked for.
final class Parameters {
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Boolean> asked = new LinkedHashMap<>();

  /// @throws IllegalArgumentException when a part is no `key=value`
  Parameters(String text) {
    this.text = text;
    for (String part : text.isEmpty() ? new String[0] : text.split(":", -1)) {
      int at = part.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("'" + part + "' is no key=value");
      }
      values.put(part.substring(0, at), part.substring(at + 1));
    }
  }

  <T> T get(String key, T absent, Function<String, T> read) {
    asked.put(key, true);
    String value = values.get(key);
    if (value == null) {
      return absent;
    }
    try {
      return read.apply(value);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(key + " is a number, not '" + value + "'", wrong);
    }
  }

  double number(String key, double absent) {
    return get(key, absent, Double::valueOf);
  }

  boolean flag(String key, boolean absent) {
    return get(
        key,
        absent,
        value ->
            switch (value) {
              case "true" -> true;
              case "false" -> false;
              default ->
                  throw new IllegalArgumentException(
                      key + " is true or false, not '" + value + "'");
            });
  }

  /// @throws IllegalArgumentException naming the keys there are, when another was given
  void requireAllAsked() {
    for (String key : values.keySet()) {
      if (!asked.containsKey(key)) {
        String[] known = asked.keySet().toArray(new String[0]);
        throw new IllegalArgumentException(
            "'%s' has a key '%s'; known are %s"
                .formatted(text, key, known.length == 0 ? "none" : Arrays.toString(known)));
      }
    }
  }
}
