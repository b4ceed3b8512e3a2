package halftone.chat;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// The functions that chat templates are given.
final class Globals {
  private static final Map<Character, String> DATE =
      Map.ofEntries(
          Map.entry('Y', "yyyy"),
          Map.entry('y', "yy"),
          Map.entry('m', "MM"),
          Map.entry('B', "MMMM"),
          Map.entry('b', "MMM"),
          Map.entry('d', "dd"),
          Map.entry('j', "DDD"),
          Map.entry('A', "EEEE"),
          Map.entry('a', "EEE"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('p', "a"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"));

  private Globals() {}

  static Map<String, Value> of(Clock clock, Budget budget) {
    Map<String, Value> functions = new LinkedHashMap<>();
    put(functions, "range", arguments -> range(arguments, budget));
    put(functions, "namespace", arguments -> new Value.Namespace(names(dictionary(arguments))));
    put(functions, "dict", arguments -> dictionary(arguments));
    put(functions, "strftime_now", arguments -> date(clock, arguments.requireText(0, "format")));
    put(
        functions,
        "raise_exception",
        arguments -> {
          throw new RefusedMessagesException(arguments.requireText(0, "message"));
        });
    return functions;
  }

  private static void put(Map<String, Value> functions, String name, Value.Function.Body body) {
    functions.put(name, new Value.Function(name, body));
  }

  private static Value.Mapping dictionary(Arguments arguments) {
    SequencedMap<Value, Value> entries = new LinkedHashMap<>();
    if (!arguments.positional().isEmpty()
        && arguments.positional().getFirst() instanceof Value.Mapping given) {
      entries.putAll(given.entries());
    }
    entries.putAll(Value.Mapping.named(arguments.named()).entries());
    return new Value.Mapping(entries);
  }

  private static Map<String, Value> names(Value.Mapping mapping) {
    Map<String, Value> names = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, value) -> {
              if (!(key instanceof Value.Text(String name))) {
                throw new TemplateException("a namespace with a " + key.type() + " as name");
              }
              names.put(name, value);
            });
    return names;
  }

  private static Value range(Arguments arguments, Budget budget) {
    boolean one = arguments.positional().size() == 1;
    int from = one ? 0 : arguments.whole(0, "start", 0);
    int to = arguments.whole(one ? 0 : 1, "stop", 0);
    int step = arguments.whole(2, "step", 1);
    if (step == 0) {
      throw new TemplateException("a range with step 0");
    }
    List<Value> numbers = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      budget.step();
      numbers.add(new Value.Whole(i));
    }
    return new Value.Sequence(numbers);
  }

  /// The time now by C's format letters.
  private static Value date(Clock clock, String format) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char letter = format.charAt(i);
      if (letter != '%' || i + 1 == format.length()) {
        out.append(letter);
      } else {
        out.append(part(now, format.charAt(++i)));
      }
    }
    return new Value.Text(out.toString());
  }

  private static String part(ZonedDateTime now, char letter) {
    if (letter == '%') {
      return "%";
    }
    String pattern = DATE.get(letter);
    if (pattern == null) {
      throw new TemplateException("a date with %" + letter);
    }
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
  }
}
