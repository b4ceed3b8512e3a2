package halftone.huggingface;

import halftone.model.MalformedFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An object of a JSON file: typed access, with errors that name file and key. A key with the value
/// `null` counts as absent. No depth of nesting overflows the stack.
///
/// @param prefix what stands before keys in messages: empty, or the path to this object and a dot
public record JsonObject(
    String file, String prefix, SequencedMap<String, @Nullable Object> values) {
  static JsonObject read(Path file) throws IOException {
    return parse(file.toString(), JsonText.decode(file.toString(), SideFile.bytes(file)));
  }

  /// The object that a text is.
  ///
  /// @throws MalformedFileException when it is no JSON, or no object
  public static JsonObject parse(String file, String text) {
    return of(file, "", JsonText.parse(file, text));
  }

  private static JsonObject of(String file, String prefix, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      String field = prefix.isEmpty() ? "JSON" : prefix.substring(0, prefix.length() - 1);
      throw new MalformedFileException(file, field, describe(value), "it must be an object");
    }
    SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
    map.forEach((key, each) -> values.put(String.valueOf(key), each));
    return new JsonObject(file, prefix, values);
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  Optional<JsonObject> object(String key) {
    return has(key) ? Optional.of(of(file, prefix + key + ".", values.get(key))) : Optional.empty();
  }

  /// The elements of an array, empty when the key is absent.
  List<@Nullable Object> list(String key) {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list -> new ArrayList<>(list);
      default -> throw wrong(key, "an array");
    };
  }

  /// The objects of an array, empty when the key is absent.
  public List<JsonObject> objects(String key) {
    List<JsonObject> objects = new ArrayList<>();
    List<@Nullable Object> elements = list(key);
    for (int i = 0; i < elements.size(); i++) {
      objects.add(of(file, "%s%s[%d].".formatted(prefix, key, i), elements.get(i)));
    }
    return objects;
  }

  public Optional<String> text(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw wrong(key, "a string");
    };
  }

  public String requireText(String key) {
    return text(key).orElseThrow(() -> missing(key));
  }

  public OptionalLong integer(String key) {
    return switch (values.get(key)) {
      case null -> OptionalLong.empty();
      case Long number -> OptionalLong.of(number);
      default -> throw wrong(key, "an integer");
    };
  }

  /// A count or an id: an integer from 0 to 2^31 − 1.
  int requireInt(String key) {
    return narrow(key, integer(key).orElseThrow(() -> missing(key)));
  }

  int intOr(String key, int absent) {
    return narrow(key, integer(key).orElse(absent));
  }

  double realOr(String key, double absent) {
    return switch (values.get(key)) {
      case null -> absent;
      case Number number -> number.doubleValue();
      default -> throw wrong(key, "a number");
    };
  }

  double requireReal(String key) {
    if (!has(key)) {
      throw missing(key);
    }
    return realOr(key, 0);
  }

  boolean flagOr(String key, boolean absent) {
    return switch (values.get(key)) {
      case null -> absent;
      case Boolean flag -> flag;
      default -> throw wrong(key, "true or false");
    };
  }

  /// An error about a key of this object.
  MalformedFileException malformed(String key, String found, String remedy) {
    return new MalformedFileException(file, prefix + key, found, remedy);
  }

  private int narrow(String key, long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw malformed(key, String.valueOf(value), "it must lie between 0 and 2^31 − 1");
    }
    return (int) value;
  }

  private MalformedFileException missing(String key) {
    return malformed(key, "no such key", "the file must have it; fetch the model again");
  }

  private MalformedFileException wrong(String key, String wanted) {
    return malformed(key, describe(values.get(key)), "it must be " + wanted);
  }

  private static String describe(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "the string '" + text + "'";
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "an array";
      default -> value.toString();
    };
  }
}
