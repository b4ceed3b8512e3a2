package halftone.preset;

import halftone.model.GgmlType;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// llama-quantize's `--tensor-type-file`: `regular expression=type`, separated by white space, the
/// first match wins. The tool puts the expression into lower case; so does the reader.
///
/// Example: `blk\.0\.ffn_down=q6_k`
public final class TensorTypeFile {
  /// Longer expressions could nest deeper than a stack.
  private static final int LONGEST = 1000;

  private TensorTypeFile() {}

  /// @throws IOException when the file cannot be read
  /// @throws IllegalArgumentException naming file and entry, when an entry is no rule
  public static List<TensorTypeRule> read(Path file) throws IOException {
    List<TensorTypeRule> rules = new ArrayList<>();
    for (String entry : text(file).split("\\s+")) {
      if (!entry.isEmpty()) {
        rules.add(parse(entry, file.toString()));
      }
    }
    return rules;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException broken) {
      throw new IllegalArgumentException(file + ": no UTF-8 text; write pattern=type", broken);
    }
  }

  /// One rule.
  ///
  /// @param source where it stands, for messages
  public static TensorTypeRule parse(String entry, String source) {
    if (entry.length() > LONGEST) {
      throw new IllegalArgumentException(
          "%s: a rule of %d characters; at most %d are taken"
              .formatted(source, entry.length(), LONGEST));
    }
    int equals = entry.lastIndexOf('=');
    if (equals <= 0 || equals == entry.length() - 1) {
      throw new IllegalArgumentException(
          "%s: '%s' is no rule; write pattern=type, as in ffn_down=q6_k".formatted(source, entry));
    }
    String pattern = entry.substring(0, equals).toLowerCase(Locale.ROOT);
    try {
      return new TensorTypeRule(
          Pattern.compile(pattern), type(entry.substring(equals + 1), source));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "%s: '%s' is no regular expression: %s".formatted(source, pattern, e.getDescription()),
          e);
    }
  }

  private static GgmlType type(String name, String source) {
    return GgmlType.withName(name)
        .orElseThrow(() -> new IllegalArgumentException(source + ": no type is called " + name));
  }

  /// Writes one rule a tensor, each matching that name alone.
  public static void write(Path file, SequencedMap<String, GgmlType> types) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, GgmlType> entry : types.entrySet()) {
      String pattern = "^" + entry.getKey().replace(".", "\\.") + "$";
      lines.add(pattern + "=" + entry.getValue().name().toLowerCase(Locale.ROOT));
    }
    Files.write(file, lines);
  }
}
