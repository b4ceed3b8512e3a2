package halftone.method;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// What stands behind a method's name where parameters may: `alpha=0.65:everywhere=true`. Every key
/// that is there must be asked for.
public final class Parameters {
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Boolean> asked = new LinkedHashMap<>();

  /// @param text pairs, colons between them
  /// @throws IllegalArgumentException when a part is no `key=value`
  public Parameters(String text) {
    this.text = text;
    for (String part : text.isEmpty() ? new String[0] : text.split(":", -1)) {
      int at = part.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("'" + part + "' is no key=value");
      }
      values.put(part.substring(0, at), part.substring(at + 1));
    }
  }

  /// The value of a key, or `absent`.
  ///
  /// @throws IllegalArgumentException when it is no number and should be
  public <T> T get(String key, T absent, Function<String, T> read) {
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

  /// A number.
  ///
  /// @throws IllegalArgumentException when it is none
  public double number(String key, double absent) {
    return get(key, absent, Double::valueOf);
  }

  /// True or false.
  ///
  /// @throws IllegalArgumentException when it is neither
  public boolean flag(String key, boolean absent) {
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
  public void requireAllAsked() {
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
