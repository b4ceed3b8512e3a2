package halftone.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The methods of a text, as Python has them.
final class TextMethods {
  private static final String SPACE =
      " \t\n\r\f\u000b\u001c\u001d\u001e\u001f\u0085\u00a0\u2028\u2029\u3000";

  private static final Pattern FIELD = Pattern.compile("\\{\\{|}}|\\{([A-Za-z0-9_]*)}");

  private TextMethods() {}

  /// The method of this name, bound to a text; null when there is none.
  static Value.@Nullable Function of(String text, String name, Budget budget) {
    Value.Function.@Nullable Body body = body(text, name, budget);
    return body == null ? null : new Value.Function(name, body);
  }

  private static Value.Function.@Nullable Body body(String text, String name, Budget budget) {
    return switch (name) {
      case "strip" ->
          made(budget, arguments -> strip(text, stripped(text, arguments, budget), true, true));
      case "lstrip" ->
          made(budget, arguments -> strip(text, stripped(text, arguments, budget), true, false));
      case "rstrip" ->
          made(budget, arguments -> strip(text, stripped(text, arguments, budget), false, true));
      case "upper" -> made(budget, _ -> text.toUpperCase(Locale.ROOT));
      case "lower" -> made(budget, _ -> text.toLowerCase(Locale.ROOT));
      case "title" -> made(budget, _ -> title(text));
      case "capitalize" -> made(budget, _ -> capitalize(text));
      case "replace" -> arguments -> replace(text, arguments, budget);
      case "split" -> arguments -> split(text, arguments, budget);
      case "splitlines" -> _ -> texts(text.isEmpty() ? List.of() : text.lines().toList(), budget);
      case "startswith" -> arguments -> matches(text, arguments, String::startsWith, budget);
      case "endswith" -> arguments -> matches(text, arguments, String::endsWith, budget);
      case "removeprefix" ->
          made(budget, arguments -> withoutPrefix(text, arguments.requireText(0, "prefix")));
      case "removesuffix" ->
          made(budget, arguments -> withoutSuffix(text, arguments.requireText(0, "suffix")));
      case "find" -> arguments -> new Value.Whole(find(text, part(text, arguments, budget)));
      case "count" -> arguments -> new Value.Whole(count(text, part(text, arguments, budget)));
      case "join" -> arguments -> join(text, arguments.require(0, "iterable"), budget);
      case "format" -> arguments -> format(text, arguments, budget);
      case "isdigit" -> _ -> new Value.Truth(isDigits(text, budget));
      default -> null;
    };
  }

  private static boolean isDigits(String text, Budget budget) {
    budget.look(text.length());
    return !text.isEmpty() && text.chars().allMatch(Character::isDigit);
  }

  private interface Change {
    String of(Arguments arguments);
  }

  private static Value.Function.Body made(Budget budget, Change change) {
    return arguments -> {
      String changed = change.of(arguments);
      budget.make(changed.length());
      return new Value.Text(changed);
    };
  }

  /// The characters that strip takes away.
  private static String stripped(String text, Arguments arguments, Budget budget) {
    boolean absent = arguments.get(0, "chars", Value.NONE) instanceof Value.None;
    String characters = absent ? SPACE : arguments.requireText(0, "chars");
    budget.search(text, characters);
    return characters;
  }

  static String strip(String text) {
    return strip(text, SPACE, true, true);
  }

  private static String strip(String text, String characters, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && characters.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (right && to > from && characters.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  /// Every letter behind one that is no letter becomes a capital, the others small.
  static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inside = false;
    for (int point : text.codePoints().toArray()) {
      out.appendCodePoint(inside ? Character.toLowerCase(point) : Character.toTitleCase(point));
      inside = Character.isLetter(point);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  static Value replace(String text, Arguments arguments, Budget budget) {
    String old = arguments.requireText(0, "old");
    String replacement = arguments.requireText(1, "new");
    int most = arguments.whole(2, "count", Integer.MAX_VALUE);
    budget.search(text, old);
    long found = old.isEmpty() ? text.length() + 1L : count(text, old);
    budget.make(text.length() + found * replacement.length());
    if (old.isEmpty() || most >= found) {
      return new Value.Text(text.replace(old, replacement));
    }
    List<String> parts = parts(text, old, most);
    return new Value.Text(String.join(replacement, parts));
  }

  private static Value split(String text, Arguments arguments, Budget budget) {
    int most = arguments.whole(1, "maxsplit", -1);
    if (arguments.get(0, "sep", Value.NONE) instanceof Value.None) {
      String stripped = strip(text);
      List<String> parts =
          stripped.isEmpty()
              ? List.of()
              : Arrays.asList(stripped.split("\\s+", most < 0 ? 0 : most + 1));
      return texts(parts, budget);
    }
    String separator = arguments.requireText(0, "sep");
    if (separator.isEmpty()) {
      throw new TemplateException("split at an empty separator");
    }
    budget.search(text, separator);
    return texts(parts(text, separator, most < 0 ? Integer.MAX_VALUE : most), budget);
  }

  private static List<String> parts(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int done = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && parts.size() < most) {
      parts.add(text.substring(done, at));
      done = at + separator.length();
      at = text.indexOf(separator, done);
    }
    parts.add(text.substring(done));
    return parts;
  }

  private static Value texts(List<String> parts, Budget budget) {
    parts.forEach(part -> budget.make(part.length() + 1L));
    return new Value.Sequence(parts.stream().<Value>map(Value.Text::new).toList());
  }

  /// Of one text or of a list of them, any.
  private static Value matches(
      String text, Arguments arguments, BiPredicate<String, String> matches, Budget budget) {
    budget.look(text.length());
    Value wanted = arguments.require(0, "prefix");
    List<Value> any =
        wanted instanceof Value.Sequence(List<Value> items, boolean _) ? items : List.of(wanted);
    return new Value.Truth(
        any.stream()
            .anyMatch(each -> each instanceof Value.Text(String part) && matches.test(text, part)));
  }

  private static String withoutPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static String part(String text, Arguments arguments, Budget budget) {
    String part = arguments.requireText(0, "sub");
    budget.search(text, part);
    return part;
  }

  private static long find(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    return parts(text, part, Integer.MAX_VALUE).size() - 1L;
  }

  /// `{}` by turn, `{1}` by place, `{name}` by name; no widths and precisions.
  private static Value format(String text, Arguments arguments, Budget budget) {
    PythonText shown = new PythonText(budget);
    StringBuilder out = new StringBuilder();
    Matcher field = FIELD.matcher(text);
    int turn = 0;
    while (field.find()) {
      String name = field.group(1);
      String part = field.group();
      if (name != null) {
        int place =
            name.isEmpty() ? turn++ : name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : -1;
        part = shown.shown(arguments.require(place < 0 ? Integer.MAX_VALUE : place, name));
      } else {
        part = part.substring(1);
      }
      budget.make(part.length());
      field.appendReplacement(out, Matcher.quoteReplacement(part));
    }
    return new Value.Text(field.appendTail(out).toString());
  }

  static Value join(String separator, Value elements, Budget budget) {
    PythonText shown = new PythonText(budget);
    StringBuilder text = new StringBuilder();
    String between = "";
    for (Value element : new Members(budget).elements(elements)) {
      String part = shown.shown(element);
      budget.make((long) between.length() + part.length());
      text.append(between).append(part);
      between = separator;
    }
    return new Value.Text(text.toString());
  }
}
