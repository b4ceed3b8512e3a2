package halftone.method;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// A method's name as it is typed, its parameters behind a colon: `smoothquant:alpha=0.65`. Every
/// key that is there must be asked for.
public final class Parameters {
  private final String id;
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Boolean> asked = new LinkedHashMap<>();

  /// @param word the id of a card, then pairs, colons between all of them
  /// @throws IllegalArgumentException when a part behind the id is no `key=value`
  public Parameters(String word) {
    int colon = word.indexOf(':');
    this.id = colon < 0 ? word : word.substring(0, colon);
    this.text = colon < 0 ? "" : word.substring(colon + 1);
    for (String part : text.isEmpty() ? new String[0] : text.split(":", -1)) {
      int at = part.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("'" + part + "' is no key=value");
      }
      values.put(part.substring(0, at), part.substring(at + 1));
    }
  }

  /// What stands before the parameters.
  public String id() {
    return id;
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

  /// A number above zero.
  ///
  /// @throws IllegalArgumentException when it is none
  public double positive(String key, double absent) {
    double value = number(key, absent);
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(key + " is a number above 0, not " + value);
    }
    return value;
  }

  /// A whole number above zero.
  ///
  /// @throws IllegalArgumentException when it is none
  public int count(String key, int absent) {
    int value = get(key, absent, Integer::valueOf);
    if (value < 1) {
      throw new IllegalArgumentException(key + " is a number above 0, not " + value);
    }
    return value;
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
