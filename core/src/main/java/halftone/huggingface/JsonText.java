package halftone.huggingface;

import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonReader;
import halftone.model.MalformedFileException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON to maps, lists, strings, `Long`, `Double`, `Boolean` and null, strictly: no key twice, and
/// no deeper than any file of a model is.
final class JsonText {
  private static final int DEEPEST = 64;
  private static final String END = "the end of the file";

  private final String file;
  private final JsonReader in;

  private JsonText(String file, JsonReader in) {
    this.file = file;
    this.in = in;
  }

  /// The text of a file's bytes, which must be UTF-8.
  static String decode(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException broken) {
      throw new MalformedFileException(
          file, "JSON", "bytes that are not UTF-8", "the file is damaged; fetch it again");
    }
  }

  /// @throws MalformedFileException when the text is not JSON
  static @Nullable Object parse(String file, String text) {
    try {
      // Before a value of ours, since the reader does not look at what follows the last one.
      String withEnd = "[" + text + ",\"" + END + "\"]";
      Object all = new JsonText(file, JsonReader.from(withEnd)).value(0);
      if (all instanceof List<?> list && list.size() == 2 && END.equals(list.getLast())) {
        return list.getFirst();
      }
      throw new MalformedFileException(
          file, "JSON", "no single value", "the file is damaged; fetch it again");
    } catch (JsonParserException broken) {
      throw new MalformedFileException(
          file, "JSON", String.valueOf(broken.getMessage()), "the file is damaged; fetch it again");
    }
  }

  private @Nullable Object value(int depth) throws JsonParserException {
    if (depth > DEEPEST) {
      throw new MalformedFileException(
          file, "JSON", "more than " + DEEPEST + " levels", "the file is damaged; fetch it again");
    }
    return switch (in.current()) {
      case OBJECT -> object(depth);
      case ARRAY -> array(depth);
      case STRING -> in.string();
      case NUMBER -> number(in.number());
      case BOOLEAN -> in.bool();
      case NULL -> {
        in.nul();
        yield null;
      }
    };
  }

  private Map<String, @Nullable Object> object(int depth) throws JsonParserException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    in.object();
    while (in.next()) {
      String key = in.key();
      if (values.containsKey(key)) {
        throw new MalformedFileException(file, key, "the key twice", "it must stand once");
      }
      values.put(key, value(depth + 1));
    }
    return values;
  }

  private List<@Nullable Object> array(int depth) throws JsonParserException {
    List<@Nullable Object> values = new ArrayList<>();
    in.array();
    while (in.next()) {
      values.add(value(depth + 1));
    }
    return values;
  }

  /// A `Long` where it fits one: sizes are integers, whoever wrote them.
  private static Number number(Number parsed) {
    try {
      return Long.valueOf(parsed.toString());
    } catch (NumberFormatException notOne) {
      return parsed.doubleValue();
    }
  }
}
